package org.openlockbox.gateway.session;

/// The operations of a session that its client has asked for and that have no answer yet. Any
/// thread may ask.
public interface OpenOperations {
  /// Whether there is one.
  boolean isUnderWay();

  /// Whether one can come to its end although nothing more passes from the client.
  boolean runsByItself();

  /// Whether it is for the client to go on.
  boolean awaitsClient();
}
