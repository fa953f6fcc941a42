package org.openlockbox.core.policy;

import java.util.regex.Pattern;

/// Names one group of approvers in a policy: 1 to 40 lower-case letters, digits and dashes,
/// starting with a letter.
public record GroupId(String value) implements Comparable<GroupId> {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  public GroupId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not the id of a group: " + value);
    }
  }

  @Override
  public int compareTo(GroupId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
