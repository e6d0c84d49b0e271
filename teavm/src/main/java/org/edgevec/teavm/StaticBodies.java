package org.edgevec.teavm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.teavm.ast.InvocationExpr;
import org.teavm.backend.wasm.TeaVMWasmGCHost;
import org.teavm.backend.wasm.intrinsics.WasmGCCodeGenContext;
import org.teavm.backend.wasm.intrinsics.WasmGCCodeGenRegistry;
import org.teavm.backend.wasm.intrinsics.WasmGCInlineIntrinsic;
import org.teavm.backend.wasm.intrinsics.WasmGCInlineIntrinsicContext;
import org.teavm.backend.wasm.model.WasmCustomSection;
import org.teavm.backend.wasm.model.WasmFunction;
import org.teavm.backend.wasm.model.WasmType;
import org.teavm.backend.wasm.model.instruction.WasmInstructionBuilder;
import org.teavm.jso.JSBody;
import org.teavm.jso.impl.JSBodyRepository;
import org.teavm.jso.impl.JSOPlugin;
import org.teavm.model.AnnotationReader;
import org.teavm.model.AnnotationValue;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ElementModifier;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.ValueType;
import org.teavm.vm.spi.Before;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Compiles the script of each {@code @JSBody} method to a function that the module imports, and
 * puts all of them, as one ES module, in the custom section {@value #SECTION}.
 *
 * <p>TeaVM's own way is to carry the scripts as strings and to make functions of them at run time
 * by {@code new Function}, which a page's Content-Security-Policy forbids unless it allows {@code
 * unsafe-eval}. The ES module's default export takes a function that throws a JavaScript error into
 * Java, and returns the functions by the names under which module {@value #MODULE} is imported.
 *
 * <p>A script may be the name of a function, {@code file.function}, that {@code file.js} in the
 * class's package exports: then it is the body of that function, whose parameters must be those of
 * the method.
 *
 * <p>Methods with the same script share one function.
 *
 * <p>A script may use {@code held}, which the default export takes too: a set of promises of what
 * goes on outside of the module, and of objects with a method {@code close}. Should the module end
 * by a trap, its loader waits for the former, then closes the latter.
 */
@Before(JSOPlugin.class)
public final class StaticBodies implements TeaVMPlugin, ClassHolderTransformer {

  private static final String SECTION = "edgevec.bodies";
  private static final String MODULE = "bodies";

  /** A script that is a function of a file: {@code file.function}. */
  private static final Pattern REFERENCE = Pattern.compile("(\\w+)\\.(\\w+)");

  private final Map<MethodReference, String> scripts = new HashMap<>();
  private final Map<String, ScriptFile> files = new TreeMap<>();
  private ClassLoader classes = StaticBodies.class.getClassLoader();

  @Override
  public void install(TeaVMHost host) {
    classes = host.getClassLoader();
    TeaVMWasmGCHost wasm = host.getExtension(TeaVMWasmGCHost.class);
    if (wasm != null) {
      host.add(this);
      wasm.contributeToCodeGen((context, registry) -> contribute(host, context, registry));
    }
  }

  /** Notes the scripts before TeaVM replaces the methods. */
  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    for (MethodHolder method : type.getMethods()) {
      AnnotationReader annotation = method.getAnnotations().get(JSBody.class.getName());
      if (annotation != null) {
        scripts.put(method.getReference(), function(method, annotation));
      }
    }
  }

  private String function(MethodHolder method, AnnotationReader annotation) {
    if (annotation.getValue("imports") != null) {
      throw new IllegalStateException(
          method.getReference() + " imports a JavaScript module; StaticBodies does not know how.");
    }
    AnnotationValue names = annotation.getValue("params");
    List<String> params =
        names == null
            ? List.of()
            : names.getList().stream().map(AnnotationValue::getString).toList();
    String list = String.join(", ", params);
    String script = script(method, annotation, params);
    if (method.hasModifier(ElementModifier.STATIC)) {
      if (cannotThrow(script, params)) {
        return "(" + list + ") => { " + script + " }";
      }
      return "(" + list + ") => { try { " + script + " } catch (e) { thrown(e); } }";
    }
    return "("
        + (params.isEmpty() ? "self" : "self, " + list)
        + ") => { try { return (function () { "
        + script
        + " }).call(self); } catch (e) { thrown(e); } }";
  }

  /** The script as it is there, or the function of a file that it names. */
  private String script(MethodHolder method, AnnotationReader annotation, List<String> params) {
    String script = annotation.getValue("script").getString();
    Matcher reference = REFERENCE.matcher(script);
    if (!reference.matches()) {
      return script;
    }
    String owner = method.getOwnerName();
    String folder = owner.substring(0, owner.lastIndexOf('.') + 1).replace('.', '/');
    return files
        .computeIfAbsent(folder + reference.group(1) + ".js", this::read)
        .body(reference.group(2), params);
  }

  private ScriptFile read(String name) {
    try (InputStream in = classes.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("There is no " + name + " on the class path.");
      }
      return new ScriptFile(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a script gives a parameter back as it is, as those do that change a type for Java. */
  private static boolean cannotThrow(String script, List<String> params) {
    return params.stream().anyMatch(name -> script.equals("return " + name + ";"));
  }

  private void contribute(
      TeaVMHost host, WasmGCCodeGenContext context, WasmGCCodeGenRegistry registry) {
    JSBodyRepository repository = host.getService(JSBodyRepository.class);
    Map<String, WasmFunction> functions = new LinkedHashMap<>();
    registry
        .inlineIntrinsics()
        .registerIntrinsic(
            delegate ->
                repository.emitters.containsKey(delegate)
                    ? new Call(original(repository, delegate), context, functions)
                    : null);
    // Runs when all code is generated, so that all functions in use are known.
    context
        .initializerRegistry()
        .register(
            initializer ->
                context
                    .module()
                    .add(
                        new WasmCustomSection(
                            SECTION, module(functions).getBytes(StandardCharsets.UTF_8))));
  }

  /** The annotated method that TeaVM made this one of. */
  private static MethodReference original(JSBodyRepository repository, MethodReference delegate) {
    return repository.methodMap.entrySet().stream()
        .filter(entry -> entry.getValue().equals(delegate))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private String module(Map<String, WasmFunction> functions) {
    StringBuilder text = new StringBuilder();
    files.values().forEach(file -> text.append(file.helpers()));
    text.append("export default (thrown, held) => ({\n");
    functions.forEach(
        (script, function) ->
            text.append("  ")
                .append(function.getImportName())
                .append(": ")
                .append(script)
                .append(",\n"));
    return text.append("});\n").toString();
  }

  /** Calls of one method: of the function that is imported for it. */
  private final class Call implements WasmGCInlineIntrinsic {

    private final MethodReference method;
    private final WasmGCCodeGenContext context;

    /** Those that are imported so far, by script. */
    private final Map<String, WasmFunction> functions;

    private @Nullable WasmFunction function;

    Call(
        MethodReference method, WasmGCCodeGenContext context, Map<String, WasmFunction> functions) {
      this.method = method;
      this.context = context;
      this.functions = functions;
    }

    @Override
    public void apply(
        InvocationExpr invocation,
        WasmGCInlineIntrinsicContext generation,
        WasmInstructionBuilder builder) {
      if (function == null) {
        function = declare(invocation);
      }
      invocation.getArguments().forEach(argument -> generation.generate(builder, argument));
      builder.call(function);
    }

    private WasmFunction declare(InvocationExpr invocation) {
      String script = scripts.get(method);
      if (script == null) {
        throw new IllegalStateException("The script of " + method + " was not seen.");
      }
      boolean isVoid = invocation.getMethod().getReturnType() == ValueType.VOID;
      WasmType[] params = new WasmType[invocation.getArguments().size()];
      Arrays.fill(params, WasmType.EXTERN);
      // One that returns nothing may have the script of one that returns something.
      return functions.computeIfAbsent(
          (isVoid ? "/* void */ " : "") + script, text -> declare(isVoid, params));
    }

    private WasmFunction declare(boolean isVoid, WasmType[] params) {
      WasmFunction declared =
          new WasmFunction(context.functionTypes().of(isVoid ? null : WasmType.EXTERN, params));
      String name = newName();
      declared.setName(context.names().topLevel(MODULE + "@" + name));
      declared.setImportModule(MODULE);
      declared.setImportName(name);
      context.module().functions.add(declared);
      return declared;
    }

    /** A short one: it is in the download twice. */
    private String newName() {
      return "f" + Integer.toString(functions.size(), Character.MAX_RADIX);
    }
  }
}
