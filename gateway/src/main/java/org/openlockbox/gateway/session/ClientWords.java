package org.openlockbox.gateway.session;

/// What a client is told: what happened and why, and the next step. A protocol may have a type of
/// its own that says it more exactly.
public interface ClientWords {
  String message();

  String hint();

  /// Words without a protocol.
  record Plain(String message, String hint) implements ClientWords {}

  static ClientWords of(String message, String hint) {
    return new Plain(message, hint);
  }
}
