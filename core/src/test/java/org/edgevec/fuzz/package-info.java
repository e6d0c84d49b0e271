/**
 * Coverage-guided fuzzing of whole recovery, and what the fuzz tests of the decoders share.
 *
 * <p>{@link org.edgevec.fuzz.RecoveryFuzzTest} takes bytes as a {@link org.edgevec.fuzz.Script}
 * that changes one of the {@link org.edgevec.fuzz.BaseStore}s, and {@link
 * org.edgevec.fuzz.RecoveryCheck} judges what opening makes of it. {@link
 * org.edgevec.fuzz.ChecksumRepair} makes all checksums right again, so that hostile content gets
 * behind them. {@link org.edgevec.fuzz.FuzzRun} is {@code ./dev fuzz}. The README beside this file
 * says what each target does and what was reached.
 */
package org.edgevec.fuzz;
