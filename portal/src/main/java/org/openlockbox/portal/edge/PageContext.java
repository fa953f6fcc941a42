package org.openlockbox.portal.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;

/// What every page needs whatever it shows: language, zone and clock, who is signed in, whether
/// their organisation is founded, the form token, where the style sheet is, what starts the command
/// line here, and what stands around the page.
public record PageContext(
    Messages words,
    ZoneId zone,
    Instant now,
    Optional<Person> person,
    boolean isFounded,
    String formToken,
    Assets assets,
    String program,
    String path,
    PageShell shell) {
  /// Where a command of ours begins.
  private static final Pattern COMMAND = Pattern.compile("(?<![\\w./-])lockbox (?=[a-z])");

  /// What this person may open, in the order of what they came for.
  public List<NavLink> links() {
    return NavLink.of(this);
  }

  public boolean is(Role role) {
    return person.filter(one -> one.roles().contains(role)).isPresent();
  }

  /// What the customer reads of its own things has a second message for the provider's people, who
  /// read it as the customer's: the same id with `.provider`.
  public String say(String id, Object... arguments) {
    var theirs = id + ".provider";
    return words.say(isProviders() && words.knows(theirs) ? theirs : id, arguments);
  }

  /// Commands as people type them here, in a text of ours.
  public String typed(String text) {
    return COMMAND.matcher(text).replaceAll(Matcher.quoteReplacement(program + " "));
  }

  private boolean isProviders() {
    return person.filter(one -> one.tenant().isEmpty()).isPresent();
  }

  /// Somebody by name, with their id.
  public String name(String id) {
    return shell.names().of(id);
  }

  public String name(SubjectId id) {
    return shell.names().of(id);
  }

  /// A tenant by name; by its id where the name is not known.
  public String tenant(String id) {
    return shell.tenants().of(id);
  }

  /// Looks up what these tenants are called, all at once: a list is about to name them.
  public void learnTenants(Stream<TenantId> tenants) {
    shell.tenants().learn(tenants.map(TenantId::value).toList());
  }

  /// The roles of the person, in words.
  public String roles() {
    return roles(person.map(Person::roles).orElse(Set.of()));
  }

  public String roles(Set<Role> roles) {
    return roles.stream()
        .sorted()
        .map(role -> say("role." + role.word()))
        .collect(Collectors.joining(", "));
  }

  /// The same page for somebody in another time zone.
  public PageContext in(ZoneId other) {
    return new PageContext(
        words, other, now, person, isFounded, formToken, assets, program, path, shell);
  }

  /// The same page with every word as the customer reads it, whoever reads now.
  public PageContext asTheCustomer() {
    return new PageContext(
        words, zone, now, Optional.empty(), isFounded, formToken, assets, program, path, shell);
  }

  /// The same page in each language that there are words in.
  public Stream<PageContext> inEachLanguage() {
    return Messages.LANGUAGES.stream()
        .map(Messages::in)
        .map(
            all ->
                new PageContext(
                    all, zone, now, person, isFounded, formToken, assets, program, path, shell));
  }

  /// The same page for somebody who may know these names.
  PageContext naming(PersonNames names, TenantNames tenants) {
    var named =
        new PageShell(
            shell.organisation(), shell.pulse(), shell.preferences(), names, tenants, shell.done());
    return new PageContext(
        words, zone, now, person, isFounded, formToken, assets, program, path, named);
  }

  /// The time in the reader's zone.
  public String time(Instant at) {
    return words.time(at, zone);
  }

  /// The same in a table, whose head says [#zoneName].
  public String brief(Instant at) {
    return words.brief(at, zone);
  }

  /// The same to the second, where much happens within a minute.
  public String exact(Instant at) {
    return words.exact(at, zone);
  }

  /// The reader's zone, as it is now.
  public String zoneName() {
    return words.zoneName(now, zone);
  }

  /// The same time in UTC, for readers elsewhere.
  public Optional<String> utc(Instant at) {
    var utc = at.atZone(ZoneOffset.UTC);
    if (zone.getRules().getOffset(at).equals(ZoneOffset.UTC)) {
      return Optional.empty();
    }
    boolean sameDay = utc.toLocalDate().equals(at.atZone(zone).toLocalDate());
    return Optional.of(
        sameDay ? DateTimeFormatter.ofPattern("HH:mm 'UTC'").format(utc) : words.utc(at));
  }

  /// How long until then; nothing once it is past.
  public String left(Instant until) {
    var left = Duration.between(now, until);
    return words.duration(left.isNegative() ? Duration.ZERO : left);
  }
}
