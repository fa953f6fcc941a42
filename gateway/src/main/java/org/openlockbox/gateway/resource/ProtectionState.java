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

  /// Its operator has closed it for a migration; no session may open.
  ///
  /// @param since when, as a text in UTC
  record Suspended(String since) implements ProtectionState {}

  /// The service could not be asked.
  record Unreachable(String why) implements ProtectionState {}
}
