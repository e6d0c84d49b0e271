package org.edgevec.example.notes;

/**
 * A part of a text, and what it is about.
 *
 * @param topic may be empty
 * @param text not blank
 */
record Paragraph(String topic, String text) {}
