/**
 * Filters: which metadata matches.
 *
 * <p>A text goes through the {@link org.edgevec.filter.Tokenizer} and the {@link
 * org.edgevec.filter.Parser} and becomes a tree of {@link org.edgevec.filter.Node}s, as {@code
 * Filter}'s factories make it at once. At its leaves a {@link org.edgevec.filter.ValuePredicate}
 * judges what a {@link org.edgevec.filter.Path} leads to. {@link org.edgevec.filter.Matcher} says
 * what a tree means, and {@link org.edgevec.filter.FilterWriter} writes it as text again.
 *
 * <p>Everything has two truth values, so a negation is a complement and can be moved about. {@code
 * docs/filters.md} is the language.
 */
@NullMarked
package org.edgevec.filter;

import org.jspecify.annotations.NullMarked;
