/**
 * Recovery: from files, whatever happened to them, to the state that was acknowledged, or to a
 * typed refusal.
 *
 * <p>{@link org.edgevec.recovery.Recovery} finds the newest snapshot that is whole and loads it;
 * {@link org.edgevec.recovery.LogReplay} applies the log behind it and tells a torn tail from
 * damage. {@link org.edgevec.recovery.Verification} reads all of it and changes nothing; {@link
 * org.edgevec.recovery.Salvage} copies what a damaged database still gives. docs/durability.md is
 * the contract.
 */
@NullMarked
package org.edgevec.recovery;

import org.jspecify.annotations.NullMarked;
