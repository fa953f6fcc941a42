/// The domain: who may reach what, until when, who signed for it, and how anyone checks it. No I/O.
@org.jspecify.annotations.NullMarked
module org.openlockbox.core {
  requires static transitive org.jspecify;
  requires static java.management; // for tests: what is still in memory
  requires transitive org.openlockbox.tlog;

  exports org.openlockbox.core.access;
  exports org.openlockbox.core.canonical;
  exports org.openlockbox.core.epoch;
  exports org.openlockbox.core.evidence;
  exports org.openlockbox.core.keyring;
  exports org.openlockbox.core.policy;
  exports org.openlockbox.core.signing;
  exports org.openlockbox.core.tenant;
  exports org.openlockbox.core.testing;
}
