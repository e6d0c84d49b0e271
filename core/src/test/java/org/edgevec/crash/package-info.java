/**
 * The proof of durability: every state in which a crash may leave a store, and what recovery makes
 * of it.
 *
 * <p>{@link org.edgevec.crash.SimulatedDisk} keeps what programs see ("live") and what a power cut
 * leaves ("durable") apart, with the writes and the changes of names that are on their way from one
 * to the other. {@link org.edgevec.crash.CrashStorage} is the {@code StorageBackend} over it;
 * before and after each of its steps a {@link org.edgevec.crash.CrashStorage.Watch} may look at the
 * disk. {@link org.edgevec.crash.CrashStates} enumerates what a power cut in that moment may leave,
 * {@link org.edgevec.crash.Explorer} recovers from each and lets {@link
 * org.edgevec.crash.StateCheck} compare it with the {@link org.edgevec.crash.Model}. {@link
 * org.edgevec.crash.ProtocolCheck} insists on the order of steps, {@link
 * org.edgevec.crash.FaultCheck} makes steps fail, {@link org.edgevec.crash.DamageCheck} flips bits.
 * {@link org.edgevec.crash.DamageSimulation} does every {@link org.edgevec.crash.Damage} to two
 * larger stores, the {@link org.edgevec.crash.ReferenceStore}s, and lets {@link
 * org.edgevec.crash.DamageTrial} judge what opening makes of it. {@link
 * org.edgevec.crash.MutantTest} breaks the database in many ways and insists that one of these
 * notices.
 *
 * <p>Everything is determined by the text of a workload, so each failure names what reproduces it.
 */
package org.edgevec.crash;
