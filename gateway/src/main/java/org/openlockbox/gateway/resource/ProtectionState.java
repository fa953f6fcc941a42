package org.openlockbox.gateway.resource;

/// Whether a protected service refuses by itself what was not granted.
public sealed interface ProtectionState {
  /// It does.
  record Intact() implements ProtectionState {}

  /// It does not; no session may open.
  ///
  /// @param kind a stable word for the first deviation
  /// @param detail what the gateway's own log says of it
  record Broken(String kind, String detail) implements ProtectionState {}

  /// The service could not be asked.
  record Unreachable(String why) implements ProtectionState {}
}
