/**
 * A database at work.
 *
 * <p>A write goes through {@link org.edgevec.engine.WritePath}: queued, logged, synced, applied to
 * {@link org.edgevec.engine.LiveContents}, acknowledged. A search reads those and nothing else.
 * {@link org.edgevec.engine.IndexMaintenance} links what was written, {@link
 * org.edgevec.engine.LogMaintenance} seals the log and decides when {@link
 * org.edgevec.engine.Checkpoints} writes a snapshot, and {@link org.edgevec.engine.Lifecycle} says
 * whether any of it may begin. {@link org.edgevec.engine.Engine} puts them together.
 *
 * <h2>Locks</h2>
 *
 * In the order in which they are taken; who has one may take those below it, never one above.
 *
 * <table>
 * <caption>The locks</caption>
 * <tr><th>Lock</th><th>Whose</th><th>Guards</th><th>Held</th></tr>
 * <tr><td>1 {@code monitor}</td><td>{@code Checkpoints}</td>
 *     <td>that one at a time checkpoints, makes room, verifies or closes</td><td>over I/O</td></tr>
 * <tr><td>2 {@code graphMonitor}</td><td>{@code GraphTurns}</td>
 *     <td>the graph: who has it alone changes it, or needs it as it is</td>
 *     <td>for a slice, or a checkpoint, over I/O</td></tr>
 * <tr><td>3 the lead</td><td>{@code CommitQueue}</td>
 *     <td>the log, and that nothing is committed; no monitor, but waited for like one</td>
 *     <td>for a group, over I/O</td></tr>
 * <tr><td>4 {@code lock}</td><td>{@code LiveContents}</td>
 *     <td>the contents: shared by reads, alone for applying, exchanging, moving up</td>
 *     <td>for moments; nobody waits or does I/O in it</td></tr>
 * <tr><td>5 {@code turnMonitor}</td><td>{@code GraphTurns}</td><td>who wants the graph</td>
 *     <td>for moments</td></tr>
 * <tr><td>5 {@code sliceMonitor}</td><td>{@code IndexMaintenance}</td>
 *     <td>whether a slice is to come, and how many ended</td><td>for moments</td></tr>
 * <tr><td>5 {@code this}</td><td>{@code CommitQueue}</td><td>the queue and who leads</td>
 *     <td>for moments</td></tr>
 * <tr><td>5 {@code this}</td><td>{@code LogMaintenance}</td><td>whether a task is to come</td>
 *     <td>for moments</td></tr>
 * <tr><td>5 {@code this}</td><td>{@code WriteAheadLog}</td><td>the sizes of its files</td>
 *     <td>for moments</td></tr>
 * </table>
 *
 * Those of rank 5 are leaves: who has one takes no other. A slice of linking takes the graph (2)
 * and in it, for its exclusive step, the contents (4); it never waits for the lead.
 */
@NullMarked
package org.edgevec.engine;

import org.jspecify.annotations.NullMarked;
