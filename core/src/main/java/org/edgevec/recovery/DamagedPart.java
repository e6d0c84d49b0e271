package org.edgevec.recovery;

/** What {@link org.edgevec.VerifyReport.Damage} tells. */
public record DamagedPart(String file, long offset, String what) {}
