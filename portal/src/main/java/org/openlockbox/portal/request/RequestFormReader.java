package org.openlockbox.portal.request;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.access.Reason;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.limits.Timeout;
import org.openlockbox.core.signing.KeyFile;
import org.openlockbox.core.signing.SshKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.server.access.RequestSubmission.NewRequest;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;

/// Reads an engineer's wish from the form: all of it, or what is wrong with which field. Who asks
/// is the person signed in, whatever the form says.
final class RequestFormReader {
  private static final String PEM = "-----BEGIN";

  private final Provider provider;
  private final Person person;
  private final ZoneId zone;
  private final Optional<VerifyingKey> known;
  private final RequestForm form;
  private final List<FieldFault> faults = new ArrayList<>();

  /// `known` is the key that this engineer named last.
  RequestFormReader(
      Provider provider,
      Person person,
      ZoneId zone,
      Optional<VerifyingKey> known,
      RequestForm form) {
    this.provider = provider;
    this.person = person;
    this.zone = zone;
    this.known = known;
    this.form = form;
  }

  FormResult<NewRequest, FieldFault> read() {
    var resource = resource();
    var level = field("level", Level::parse);
    if (resource.isPresent()
        && level.filter(one -> !resource.get().levels().contains(one)).isPresent()) {
      fault("level");
    }
    var duration = field("duration", Duration::parse);
    var start = optional("start", text -> LocalDateTime.parse(text).atZone(zone).toInstant());
    var limits = limits(resource);
    var purpose = field("purpose", Purpose::parse);
    var reason = field("reason", text -> new Reason(plain(text)));
    var ticket = ticket();
    var statements = optional("statement", RequestFormReader::plain);
    var extended = optional("extends", RequestId::new);
    var key = engineerKey();
    if (!faults.isEmpty()) {
      return new FormResult.Faulty<>(faults);
    }
    return new FormResult.Usable<>(
        new NewRequest(
            person.caller(),
            key.orElseThrow(),
            purpose.orElseThrow(),
            reason.orElseThrow(),
            ticket.orElseThrow(),
            terms(resource, level, start, duration, limits),
            statements.stream().toList(),
            extended));
  }

  private static Terms terms(
      Optional<Resource> resource,
      Optional<Level> level,
      Optional<Instant> start,
      Optional<Duration> duration,
      Limits limits) {
    return new Terms(
        resource.orElseThrow().id(), level.orElseThrow(), start, duration.orElseThrow(), limits);
  }

  private Optional<Resource> resource() {
    return field(
        "resource",
        text -> provider.resource(new ResourceId(text)).orElseThrow(IllegalArgumentException::new));
  }

  private Optional<String> ticket() {
    var ticket = form.value("ticket").strip();
    if (!ticket.isEmpty() && !Submission.isTicket(ticket)) {
      fault("ticket");
      return Optional.empty();
    }
    return Optional.of(ticket);
  }

  private Limits limits(Optional<Resource> resource) {
    var limits = Limits.UNWRITTEN.withTables(tables(resource));
    var rows = optional("rows", text -> new RowBudget(Long.parseLong(text)));
    var bytes = optional("bytes", text -> new ByteBudget(Long.parseLong(text)));
    var statement = optional("statementTimeout", text -> Timeout.of(Duration.parse(text)));
    var idle = optional("idleTimeout", text -> Timeout.of(Duration.parse(text)));
    var sessions = optional("sessions", text -> new Concurrency(Integer.parseInt(text)));
    var profile = optional("profile", Profile::parse);
    return limits
        .withRowBudget(rows.orElse(limits.rowBudget()))
        .withByteBudget(bytes.orElse(limits.byteBudget()))
        .withStatementTimeout(statement.orElse(limits.statementTimeout()))
        .withIdleTimeout(idle.orElse(limits.idleTimeout()))
        .withSessions(sessions.orElse(limits.sessions()))
        .withProfile(profile.orElse(limits.profile()));
  }

  /// The tables that are ticked; all of them is no limit, and none is nothing to ask for. A service
  /// that speaks HTTP has none.
  private Tables tables(Optional<Resource> resource) {
    if (resource.filter(one -> one.id().value().equals(form.value("tablesOf"))).isEmpty()) {
      return Tables.ALL;
    }
    var all = resource.get().tables().stream().map(Resource.ResourceTable::name).toList();
    if (all.isEmpty()) {
      return Tables.ALL;
    }
    var ticked = form.fields().getOrDefault("table", List.of());
    if (ticked.isEmpty() || !all.containsAll(ticked)) {
      fault("table");
      return Tables.ALL;
    }
    return ticked.containsAll(all) ? Tables.ALL : Tables.of(ticked);
  }

  private Optional<VerifyingKey> engineerKey() {
    return form.value("key").isBlank() && known.isPresent()
        ? known
        : field("key", RequestFormReader::key);
  }

  /// The public half of a key file, of an SSH key, or of a passkey that was made here.
  private static VerifyingKey key(String text) {
    if (text.startsWith("{")) {
      return passkey(text);
    }
    return text.contains(PEM) ? KeyFile.publicKey(text) : SshKey.parse(text);
  }

  private static VerifyingKey passkey(String text) {
    try {
      return VerifyingKey.parse(CanonicalJson.parse(Bytes.ofUtf8(text)));
    } catch (MalformedJson e) {
      throw new IllegalArgumentException("no passkey", e);
    }
  }

  private static String plain(String text) {
    if (!TextRules.allows(text)) {
      throw new IllegalArgumentException("characters that cannot be seen");
    }
    return text;
  }

  private <T> Optional<T> optional(String name, Function<String, T> parse) {
    return form.value(name).isBlank() ? Optional.empty() : field(name, parse);
  }

  private <T> Optional<T> field(String name, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(form.value(name).replace("\r\n", "\n").strip()));
    } catch (IllegalArgumentException | DateTimeException e) {
      fault(name);
      return Optional.empty();
    }
  }

  private void fault(String field) {
    faults.add(new FieldFault(field, "ask.fault." + field));
  }
}
