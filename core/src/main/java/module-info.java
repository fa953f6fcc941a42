/// The domain: who may reach what, until when, who signed for it, and how anyone checks it. No I/O.
@org.jspecify.annotations.NullMarked
module org.openlockbox.core {
  requires static transitive org.jspecify;
  requires static java.management; // for tests: what is still in memory
  requires transitive org.openlockbox.tlog;

  exports org.openlockbox.core.access;
  exports org.openlockbox.core.bundle;
  exports org.openlockbox.core.cache;
  exports org.openlockbox.core.canonical;
  exports org.openlockbox.core.epoch;
  exports org.openlockbox.core.history;
  exports org.openlockbox.core.keyring;
  exports org.openlockbox.core.limits;
  exports org.openlockbox.core.log;
  exports org.openlockbox.core.operation;
  exports org.openlockbox.core.policy;
  exports org.openlockbox.core.scram;
  exports org.openlockbox.core.session;
  exports org.openlockbox.core.signing;
  exports org.openlockbox.core.statement;
  exports org.openlockbox.core.subject;
  exports org.openlockbox.core.tenant;
  exports org.openlockbox.core.testing;
  exports org.openlockbox.core.watch;
}
