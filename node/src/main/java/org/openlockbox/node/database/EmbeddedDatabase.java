package org.openlockbox.node.database;

/// A PostgreSQL that the node brought up or found running, and the way into the control plane's
/// database there. [#close()] stops what the node started and leaves alone what it found.
public interface EmbeddedDatabase extends AutoCloseable {
  String jdbcUrl();

  String user();

  String password();

  @Override
  void close();
}
