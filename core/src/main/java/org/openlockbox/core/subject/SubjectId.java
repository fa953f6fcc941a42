package org.openlockbox.core.subject;

import java.util.regex.Pattern;

/// Names one person or agent, on either side: engineer, reviewer, approver, auditor, operator.
public record SubjectId(String value) implements Comparable<SubjectId> {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

  public SubjectId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a subject id: " + value);
    }
  }

  @Override
  public int compareTo(SubjectId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
