package org.openlockbox.server;

import java.security.SecureRandom;
import java.time.Duration;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.server.access.Authorities;
import org.openlockbox.server.access.ClosingRecordMails;
import org.openlockbox.server.access.Comments;
import org.openlockbox.server.access.ConnectStatements;
import org.openlockbox.server.access.GroupedRequestMails;
import org.openlockbox.server.access.RefusedSignatures;
import org.openlockbox.server.access.Reminders;
import org.openlockbox.server.access.RequestNotices;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.access.RequestSubmission;
import org.openlockbox.server.access.TimeLapse;
import org.openlockbox.server.tenant.Store;

/// The life of a request: asking, deciding, ending, and who is told of it.
public final class AccessWiring {
  private final ServerConfig config;
  private final Store store;
  private final RequestNotices notices;
  private final Authorities authorities;
  private final RequestSteps steps;
  private final RequestSubmission submission;
  private final Comments comments;
  private final ConnectStatements connecting;
  private final RefusedSignatures refused;

  AccessWiring(
      ServerConfig config,
      StoreWiring stores,
      PeopleWiring people,
      NotificationWiring notifications,
      SecureRandom random) {
    this.config = config;
    var clock = config.clock();
    store = stores.store();
    notices =
        new RequestNotices(
            store, notifications.notices(), people.people(), clock, config.web().publicUrl());
    authorities = new Authorities(store.reader(), new CelConditions());
    steps = new RequestSteps(store, authorities, notices, people.directory());
    submission =
        new RequestSubmission(
            store,
            steps,
            authorities,
            people.directory(),
            config.access().provider(),
            config.access().limits(),
            clock,
            random);
    comments = new Comments(store, stores.dataKeys(), notices, clock);
    connecting = new ConnectStatements(store, stores.histories(), authorities.conditions(), clock);
    refused = new RefusedSignatures(store.jdbc(), clock);
  }

  void start(Rounds rounds) {
    var second = Duration.ofSeconds(1);
    var clock = config.clock();
    rounds.every(second, "sweeping requests", new TimeLapse(store, steps, clock)::round);
    rounds.every(second, "telling closing records", new ClosingRecordMails(store, notices)::round);
    rounds.every(second, "reminding", new Reminders(store, notices, clock)::round);
    rounds.every(
        second, "telling requests together", new GroupedRequestMails(store, notices, clock)::round);
  }

  public Authorities authorities() {
    return authorities;
  }

  public RequestSteps steps() {
    return steps;
  }

  public RequestSubmission submission() {
    return submission;
  }

  public Comments comments() {
    return comments;
  }

  /// Notes of signed statements that were not taken.
  public RefusedSignatures refused() {
    return refused;
  }

  RequestNotices notices() {
    return notices;
  }

  public ConnectStatements connecting() {
    return connecting;
  }
}
