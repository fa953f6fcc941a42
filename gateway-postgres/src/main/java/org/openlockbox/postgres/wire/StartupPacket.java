package org.openlockbox.postgres.wire;

/// The first packets of a connection, which carry no type byte.
public sealed interface StartupPacket {
  /// SSLRequest: the client wants TLS.
  record TlsRequest() implements StartupPacket {}

  /// GSSENCRequest: the client wants GSSAPI encryption, which is never offered.
  record GssRequest() implements StartupPacket {}

  /// CancelRequest: stop the statement that runs in the session with this key.
  record Cancel(CancelKey key) implements StartupPacket {}

  /// StartupMessage: a login.
  record LoginPacket(StartupMessage message) implements StartupPacket {}
}
