/**
 * What users get and do. EdgeVec is installed into a local repository that has none, and the
 * examples of the README run as they are printed, from a Maven project and an npm project of a user
 * who has nothing but what was installed.
 */
@NullMarked
package org.edgevec.install;

import org.jspecify.annotations.NullMarked;
