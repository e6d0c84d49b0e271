/**
 * EdgeVec in a folder of the file system.
 *
 * <p>{@link org.edgevec.file.EdgeVec} opens a database; {@link org.edgevec.file.FileStorage} is the
 * storage under it. Opening goes through {@code DatabaseFolder} (is this folder ours to use?) and
 * {@code FolderLock} (is it free?), whose {@code LockFile} tells later whether it is still ours.
 * {@code FolderFiles} tells which files are there, {@code OpenFiles} has the handles. Bytes then
 * take one of three ways: {@code AppendFile} for logs, {@code AtomicFile} for whole files, {@code
 * RangeReader} back. All three reach the disk through {@code DiskCalls}, the one place where bytes,
 * names and forces are handed to the system, so that tests can see the order and make a call fail.
 */
@NullMarked
package org.edgevec.file;

import org.jspecify.annotations.NullMarked;
