package org.openlockbox.postgres.wire;

/// The versions of the protocol that are spoken with clients (PostgreSQL documentation, "Message
/// Flow"). They differ in the length of the cancel key and in nothing else.
public enum ProtocolVersion {
  V3_0(0, 4),
  V3_2(2, 32);

  private final int minor;
  private final int secretLength;

  ProtocolVersion(int minor, int secretLength) {
    this.minor = minor;
    this.secretLength = secretLength;
  }

  /// The newest one that a client knows who asks for this minor version of protocol 3.
  static ProtocolVersion upTo(int minor) {
    return minor < V3_2.minor ? V3_0 : V3_2;
  }

  int minor() {
    return minor;
  }

  int secretLength() {
    return secretLength;
  }

  /// As it stands in a message.
  int code() {
    return StartupMessage.VERSION_3_0 | minor;
  }
}
