package org.openlockbox.gateway.notice;

/// What a client is told: what happened and why, and the next step. A protocol may have a type of
/// its own that says it more exactly.
public interface ClientNotice {
  String message();

  String hint();

  /// Words without a protocol.
  record PlainNotice(String message, String hint) implements ClientNotice {}

  static ClientNotice of(String message, String hint) {
    return new PlainNotice(message, hint);
  }
}
