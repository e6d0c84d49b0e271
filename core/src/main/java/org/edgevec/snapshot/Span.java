package org.edgevec.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * A run of ordinals that is, or will be, one segment.
 *
 * @param count how many ordinals
 * @param segment the segment that holds them, or null if they must be written
 */
public record Span(int count, @Nullable SegmentRef segment) {}
