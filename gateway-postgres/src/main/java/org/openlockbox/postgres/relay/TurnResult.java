package org.openlockbox.postgres.relay;

/// How the last turn of one direction of a session ended: what it needs to go on.
enum TurnResult {
  /// More has to come from its peer, of which the socket tells.
  FOR_PEER,

  /// Something else has to happen, of which no socket tells: a record has to become durable, an
  /// answer that is owed has to come, a lease or a budget has to be renewed.
  STALLED,

  /// Nothing: it has had its turn, and the others are served first.
  PAUSING,

  /// Its peer has left.
  OVER
}
