package org.openlockbox.node.management;

import java.util.Optional;

/// Something that a part of the node needs.
///
/// @param part `server` or `gateway`
/// @param name one word, such as `database`
/// @param failure why it is down; empty while it is up
public record Requirement(String part, String name, Optional<String> failure) {
  static Requirement of(String part, String name, boolean holds, String failure) {
    return new Requirement(part, name, holds ? Optional.empty() : Optional.of(failure));
  }

  boolean holds() {
    return failure.isEmpty();
  }
}
