package org.openlockbox.server.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.subject.Engineer.EngineerKind;
import org.openlockbox.core.subject.EngineerFacts;
import org.openlockbox.core.subject.EngineerFacts.EngineerFact;
import org.openlockbox.core.subject.EngineerName;
import org.openlockbox.core.subject.FactSource;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the provider holds of its own people: facts that its operators wrote down or its issuer
/// claimed, and the keys that are registered for them. Whoever asks for access is who this says,
/// whatever they say themselves.
public final class ProviderDirectory {
  private final JdbcClient jdbc;
  private final InstantSource clock;

  public ProviderDirectory(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// Somebody as a request names them.
  public record Identity(Engineer engineer, EngineerName name) {}

  private record DirectoryEntry(
      long id,
      String name,
      Optional<String> country,
      Optional<String> employer,
      Optional<EngineerKind> kind,
      Optional<SubjectId> responsible,
      Optional<FactSource> issuer,
      Set<String> issued) {
    static DirectoryEntry read(ResultSet row) throws SQLException {
      return new DirectoryEntry(
          row.getLong("id"),
          row.getString("name"),
          Optional.ofNullable(row.getString("country")),
          Optional.ofNullable(row.getString("employer")),
          Optional.ofNullable(row.getString("kind")).map(EngineerKind::parse),
          Optional.ofNullable(row.getString("responsible")).map(SubjectId::new),
          Optional.ofNullable(row.getString("facts_issuer")).map(FactSource.IssuerSource::new),
          Set.of((String[]) row.getArray("facts_issued").getArray()));
    }

    boolean isAgent() {
      return kind.filter(EngineerKind.AGENT::equals).isPresent();
    }

    EngineerFacts facts() {
      var sources = new EnumMap<EngineerFact, FactSource>(EngineerFact.class);
      sources.put(EngineerFact.NAME, source(EngineerFact.NAME));
      country.ifPresent(_ -> sources.put(EngineerFact.COUNTRY, source(EngineerFact.COUNTRY)));
      employer.ifPresent(_ -> sources.put(EngineerFact.EMPLOYER, source(EngineerFact.EMPLOYER)));
      kind.ifPresent(_ -> sources.put(EngineerFact.KIND, source(EngineerFact.KIND)));
      responsible.ifPresent(
          _ -> sources.put(EngineerFact.RESPONSIBLE, source(EngineerFact.RESPONSIBLE)));
      return new EngineerFacts(country, employer, kind, responsible, sources);
    }

    private FactSource source(EngineerFact fact) {
      return issuer.filter(_ -> issued.contains(fact.word())).orElse(FactSource.DIRECTORY);
    }
  }

  private Optional<DirectoryEntry> find(SubjectId subject) {
    return jdbc.sql(
            """
            select id, name, country, employer, kind, responsible, facts_issuer, facts_issued
              from person where tenant_id is null and subject = ? and left_at is null
            """)
        .param(subject.value())
        .query((row, n) -> DirectoryEntry.read(row))
        .optional();
  }

  private DirectoryEntry there(SubjectId subject) {
    return find(subject)
        .orElseThrow(
            () -> Problem.refused("person", "there is nobody called %s".formatted(subject)));
  }

  /// Who this caller of the provider is, asking with this key. Somebody who has a token and is in
  /// no directory has the token's name, and nothing else is known of them. Throws [Problem] for a
  /// key of somebody else, a key that an agent has not registered, or an agent that nobody answers
  /// for.
  public Identity engineer(Caller caller, VerifyingKey key) {
    var person = find(caller.subject());
    requireOwn(person, key);
    person.filter(DirectoryEntry::isAgent).ifPresent(this::requireResponsible);
    return new Identity(
        new Engineer(
            caller.subject(),
            person.map(DirectoryEntry::facts).orElseGet(EngineerFacts::unknown),
            key),
        EngineerName.of(person.map(DirectoryEntry::name).orElse(caller.name()), caller.subject()));
  }

  private void requireOwn(Optional<DirectoryEntry> person, VerifyingKey key) {
    var holder = holder(key);
    if (holder.isPresent() && !holder.equals(person.map(DirectoryEntry::id))) {
      throw Problem.refused(
          "key_of_another", "this key is registered for somebody else in the provider's directory");
    }
    if (holder.isEmpty() && person.filter(one -> one.isAgent() || hasKeys(one)).isPresent()) {
      throw Problem.refused(
              "key_not_registered",
              "this key is not registered for you in the provider's directory")
          .withHint("an operator adds it: lockbox person keys ID --add FILE");
    }
  }

  private Optional<Long> holder(VerifyingKey key) {
    return jdbc.sql("select person_id from person_key where key_id = ?")
        .param(key.keyId().hex())
        .query(Long.class)
        .optional();
  }

  private boolean hasKeys(DirectoryEntry person) {
    return jdbc.sql("select exists (select from person_key where person_id = ?)")
        .param(person.id())
        .query(Boolean.class)
        .single();
  }

  private void requireResponsible(DirectoryEntry agent) {
    if (agent.responsible().filter(this::isHuman).isEmpty()) {
      throw Problem.refused(
          "responsible_missing",
          "an agent asks only while a person of the provider answers for it");
    }
  }

  private boolean isHuman(SubjectId subject) {
    return find(subject)
        .flatMap(DirectoryEntry::kind)
        .filter(EngineerKind.HUMAN::equals)
        .isPresent();
  }

  /// Whether this one of the provider's people is an agent.
  public boolean isAgent(SubjectId subject) {
    return find(subject).filter(DirectoryEntry::isAgent).isPresent();
  }

  /// Refuses what gives anything, or erases, if whoever signed it gets mail at an address of one of
  /// the provider's people. The log does not know that, so gateways and verifiers cannot check it.
  public void refuseOwn(TenantId tenant, SubjectId signer) {
    if (isOwn(tenant, signer)) {
      throw Problem.refused(
          "provider_person", "this approver is one of the provider's people, who approve nothing");
    }
  }

  /// Whether whom a tenant calls this gets mail in the mailbox of one of the provider's people.
  public boolean isOwn(TenantId tenant, SubjectId subject) {
    return jdbc.sql(
            """
            select exists (
              select from person one join person own on %s = %s
               where one.tenant_id = ? and one.subject = ?
                 and own.tenant_id is null and own.left_at is null)
            """
                .formatted(MailAddress.mailbox("one.address"), MailAddress.mailbox("own.address")))
        .params(tenant.value(), subject.value())
        .query(Boolean.class)
        .single();
  }

  /// What an operator writes down; what is empty stays.
  public record DirectoryChange(
      Optional<String> name,
      Optional<String> country,
      Optional<String> employer,
      Optional<EngineerKind> kind,
      Optional<SubjectId> responsible) {
    public DirectoryChange {
      name.ifPresent(People::requireShown);
      name.ifPresent(EngineerName::new);
      country.ifPresent(EngineerFacts::requireCountry);
      employer.ifPresent(EngineerFacts::requireEmployer);
      if (responsible.isPresent() && kind.filter(EngineerKind.HUMAN::equals).isPresent()) {
        throw new IllegalArgumentException("nobody answers for a human");
      }
    }

    /// Whether it says nothing.
    public boolean isEmpty() {
      return name.isEmpty()
          && country.isEmpty()
          && employer.isEmpty()
          && kind.isEmpty()
          && responsible.isEmpty();
    }

    private String[] members() {
      var members =
          new String[] {
            name.map(_ -> EngineerFact.NAME.word()).orElse(""),
            country.map(_ -> EngineerFact.COUNTRY.word()).orElse(""),
            employer.map(_ -> EngineerFact.EMPLOYER.word()).orElse(""),
            kind.map(_ -> EngineerFact.KIND.word()).orElse("")
          };
      return Arrays.stream(members).filter(word -> !word.isEmpty()).toArray(String[]::new);
    }
  }

  /// Writes facts down; from then on they are the operators' word. Throws [Problem] where there is
  /// nobody of this id, or an agent would have nobody who answers for it.
  public void set(SubjectId subject, DirectoryChange change) {
    var now = there(subject);
    var kind = change.kind().or(now::kind);
    var responsible =
        kind.filter(EngineerKind.AGENT::equals)
            .flatMap(_ -> change.responsible().or(now::responsible));
    if (change.responsible().isPresent() && responsible.isEmpty()) {
      throw Problem.refused("kind", "only an agent has a responsible person: --kind agent");
    }
    if (kind.filter(EngineerKind.AGENT::equals).isPresent()
        && responsible.filter(one -> !one.equals(subject) && isHuman(one)).isEmpty()) {
      throw Problem.refused(
          "responsible",
          "who answers for an agent is another person of the provider, listed with --kind human");
    }
    write(now.id(), change, responsible);
  }

  private void write(long id, DirectoryChange change, Optional<SubjectId> responsible) {
    jdbc.sql(
            """
            update person
               set name = coalesce(:name, name), country = coalesce(:country, country),
                   employer = coalesce(:employer, employer), kind = coalesce(:kind, kind),
                   responsible = :responsible,
                   facts_issued = array(select unnest(facts_issued) except select unnest(:said::text[]))
             where id = :id
            """)
        .param("name", change.name().orElse(null))
        .param("country", change.country().orElse(null))
        .param("employer", change.employer().orElse(null))
        .param("kind", change.kind().map(EngineerKind::word).orElse(null))
        .param("responsible", responsible.map(SubjectId::value).orElse(null))
        .param("said", change.members())
        .param("id", id)
        .update();
  }

  /// Registers a key for somebody. Throws [Problem] if it is registered for another.
  public void register(SubjectId subject, VerifyingKey key) {
    var person = there(subject);
    jdbc.sql(
            """
            insert into person_key (key_id, person_id, key, added_at) values (?, ?, ?, ?)
            on conflict (key_id) do nothing
            """)
        .param(key.keyId().hex())
        .param(person.id())
        .param(CanonicalJson.text(key.toJson()))
        .param(clock.instant().atOffset(ZoneOffset.UTC))
        .update();
    if (!holder(key).equals(Optional.of(person.id()))) {
      throw Problem.refused("key_of_another", "this key is registered for somebody else");
    }
  }

  /// Forgets a key of somebody; false if it is not theirs.
  public boolean forget(SubjectId subject, KeyId key) {
    return jdbc.sql(
                """
                delete from person_key using person
                 where person.id = person_id and tenant_id is null and subject = ? and key_id = ?
                """)
            .params(subject.value(), key.hex())
            .update()
        == 1;
  }

  /// The keys that are registered for somebody.
  public List<KeyId> keys(SubjectId subject) {
    return jdbc.sql(
            """
            select key_id from person_key join person on person.id = person_id
             where tenant_id is null and subject = ? order by added_at, key_id
            """)
        .param(subject.value())
        .query((row, n) -> KeyId.parse(row.getString("key_id")))
        .list();
  }

  /// What is known of somebody, in words.
  public Optional<String> words(SubjectId subject) {
    return find(subject)
        .map(DirectoryEntry::facts)
        .map(
            facts ->
                Stream.of(
                        facts.kind().map(EngineerKind::word).orElse("human or agent: not known"),
                        facts.country().orElse("country not known"),
                        facts.employer().orElse("employer not known"),
                        facts.responsible().map(one -> "responsible: " + one).orElse(""))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.joining(", ")));
  }
}
