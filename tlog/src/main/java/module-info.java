/// Transparency logs exactly as C2SP describes them: checkpoints, signed notes, tiles, proofs. JDK
/// only.
@org.jspecify.annotations.NullMarked
module org.openlockbox.tlog {
  requires static transitive org.jspecify;

  exports org.openlockbox.tlog;
  exports org.openlockbox.tlog.tile;
  exports org.openlockbox.tlog.tree;
  exports org.openlockbox.tlog.witness;
}
