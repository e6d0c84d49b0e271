/**
 * Fills the database of the demo's page from a folder of Markdown. {@link NoteFiles} finds and
 * reads the files, {@link Paragraphs} cuts them, {@link SentenceModel} makes the vector of each
 * {@link Note}, and {@link NotesCommand} writes them through EdgeVec's public face.
 */
@NullMarked
package org.edgevec.example.notes;

import org.jspecify.annotations.NullMarked;
