/**
 * Codes: a coarser copy of every vector for walking through a graph, and what they prove. {@link
 * org.edgevec.quant.CodedArena} keeps them beside the vectors of any arena, {@link
 * org.edgevec.quant.CodeLayout} says what a row of them is, {@link org.edgevec.quant.CodeBounds}
 * judges them. Where rows lie, and how many of them are scored at a time, is the platform's affair:
 * it brings {@link org.edgevec.quant.Codes}.
 */
@NullMarked
package org.edgevec.quant;

import org.jspecify.annotations.NullMarked;
