package org.openlockbox.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.demo.DemoRoles.DemoPerson;
import org.openlockbox.demo.mail.MailPage;
import org.openlockbox.demo.mail.MailSink;
import org.openlockbox.demo.postgres.DirectoryTrees;
import org.openlockbox.demo.postgres.PostgresBinaries;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.Closers;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Tokens;

/// A running demo: the helpdesk's database, a mail server and a page that shows what it took, and a
/// [Node] over the generated configuration, started by the same code as `lockbox up`.
///
/// The first start also issues tokens and founds the customers. A crash in the middle of that
/// leaves no `seeded` mark: the next start throws the half-made control plane away and begins
/// again.
final class Demo implements AutoCloseable {
  private static final String OPERATOR = "operator";

  private final DemoLayout layout;
  private final DemoPorts ports;
  private final InstantSource clock;
  private final SecureRandom random;
  private final DemoFiles files;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  private Demo(
      DemoLayout layout,
      DemoPorts ports,
      DemoFiles files,
      InstantSource clock,
      SecureRandom random) {
    this.layout = layout;
    this.ports = ports;
    this.clock = clock;
    this.random = random;
    this.files = files;
  }

  static Demo start(
      DemoLayout layout,
      boolean freePorts,
      boolean requestRates,
      InstantSource clock,
      SecureRandom random)
      throws IOException {
    layout.make();
    var fresh = freePorts ? DemoPorts.free() : DemoPorts.USUAL;
    var ports = DemoPorts.keptOr(layout.ports(), fresh);
    var files = new DemoFiles(layout, ports, requestRates, clock, random);
    return started(new Demo(layout, ports, files, clock, random), Demo::start);
  }

  /// What a node of a demo that was started before needs around it: the helpdesk's database and the
  /// mail server.
  static Demo withoutNode(DemoLayout layout, InstantSource clock, SecureRandom random)
      throws IOException {
    var ports = DemoPorts.keptOr(layout.ports(), DemoPorts.USUAL);
    var files = new DemoFiles(layout, ports, true, clock, random);
    return started(
        new Demo(layout, ports, files, clock, random),
        demo -> {
          demo.startAround();
          demo.files.writeConfig(demo.pins());
        });
  }

  private interface DemoStart {
    void of(Demo demo) throws IOException;
  }

  private static Demo started(Demo demo, DemoStart start) throws IOException {
    try {
      start.of(demo);
      return demo;
    } catch (IOException | RuntimeException e) {
      demo.close();
      throw e;
    }
  }

  DemoPorts ports() {
    return ports;
  }

  private void startAround() throws IOException {
    var certificates = new DemoCertificates(layout.tls(), clock, random);
    certificates.make();
    files.write(certificates.authority());
    startHelpdesk(certificates);
    running.push(MailSink.start(ports.mail(), layout.mail()));
    running.push(MailPage.start(ports.mailPage(), layout.mail()));
  }

  private void start() throws IOException {
    startAround();
    if (Files.exists(layout.seeded())) {
      nextStart();
    } else {
      firstStart();
    }
  }

  /// Who keeps a demo for longer than an operator's token lives gets another one, and so does who
  /// has lost it. One that was revoked stays revoked.
  private void nextStart() throws IOException {
    files.writeConfig(pins());
    var config = ConfigReader.read(layout.config());
    var node = Node.empty();
    running.push(node);
    var tokens = node.startServer(config).tokens();
    var known = layout.token(OPERATOR);
    if (known.isEmpty() || tokens.hasExpired(known.get())) {
      say(
          known.isEmpty()
              ? "the operator has no profile: issuing a token"
              : "the operator's token has expired: issuing another one");
      issue(tokens, person -> person.id().equals(OPERATOR));
    }
    node.startGateway(config);
  }

  private void startHelpdesk(DemoCertificates certificates) throws IOException {
    say("starting the helpdesk's PostgreSQL");
    var helpdesk = new HelpdeskDatabase(layout, PostgresBinaries.under(layout.data()), random);
    var cluster = helpdesk.start(ports.helpdesk(), certificates);
    running.push(cluster);
    if (!Files.exists(layout.helpdeskLoaded())) {
      say("filling it with three customers' rows, and fencing it (once)");
    }
    var catalogue = ConfigReader.read(layout.config()).catalogue();
    var spec = catalogue.resource(new ResourceId("helpdesk")).orElseThrow();
    helpdesk.fill(cluster, spec, files.gatewayPassword());
    running.push(
        HelpdeskApi.start(
            ports.api(),
            new LockboxAssertion(
                new PublishedKeys(ports.http(), certificates.authority()), "helpdesk-api", clock),
            cluster,
            HelpdeskDatabase.DATABASE));
  }

  private void firstStart() throws IOException {
    DirectoryTrees.delete(layout.control());
    var node = Node.empty();
    running.push(node);
    say("starting the server");
    var server = node.startServer(ConfigReader.read(layout.config()));
    say("issuing tokens and founding the tenants (once)");
    var tokens = server.tokens();
    issue(tokens, person -> person.tenant().isEmpty());
    var tenants =
        new DemoTenants(
            URI.create("http://127.0.0.1:" + ports.server()),
            layout.token(OPERATOR).orElseThrow(),
            files);
    Map<String, String> pins = new TreeMap<>();
    var lines = new ArrayList<String>();
    for (var customer : DemoRoles.CUSTOMERS) {
      String pin = tenants.found(customer);
      pins.put(customer.id(), pin);
      lines.add(customer.id() + "=" + pin);
    }
    issue(tokens, person -> person.tenant().isPresent());
    DemoRoles.PEOPLE.stream()
        .filter(person -> person.role() != Role.GATEWAY)
        .map(Demo::newPerson)
        .forEach(server.people()::add);
    DemoRoles.PEOPLE.stream()
        .filter(person -> person.tenant().isEmpty() && person.role() != Role.GATEWAY)
        .forEach(person -> server.directory().set(new SubjectId(person.id()), DemoRoles.PROVIDERS));
    files.writeConfig(pins);
    node.startGateway(ConfigReader.read(layout.config()));
    Files.writeString(layout.cli().resolve("default-profile"), "engineer\n");
    Files.write(layout.seeded(), lines);
  }

  /// Issues the tokens of these people into profiles, and the gateway's with the provider's.
  private void issue(Tokens tokens, Predicate<DemoPerson> whose) throws IOException {
    for (var person : DemoRoles.PEOPLE.stream().filter(whose).toList()) {
      String token = tokens.issue(holder(person)).token();
      if (person.role() == Role.GATEWAY) {
        DemoLayout.writePrivate(layout.key(person.id() + ".token"), token);
      } else {
        boolean signs = person.role() == Role.ENGINEER || person.role() == Role.APPROVER;
        Path key = layout.key(person.id() + ".key").toAbsolutePath();
        files.profile(person.id(), token, signs ? List.of("key=" + key) : List.of());
      }
    }
  }

  private static Tokens.TokenHolder holder(DemoPerson person) {
    return new Tokens.TokenHolder(
        new SubjectId(person.id()),
        person.name(),
        Set.of(person.role()),
        person.tenant().map(TenantId::new),
        Optional.empty());
  }

  private static People.NewPerson newPerson(DemoPerson person) {
    return new People.NewPerson(
        person.tenant().map(TenantId::new),
        new SubjectId(person.id()),
        new MailAddress(person.address()),
        person.name(),
        Set.of(person.role()));
  }

  private Map<String, String> pins() throws IOException {
    Map<String, String> pins = new TreeMap<>();
    for (String line : Files.readAllLines(layout.seeded())) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new NodeFailure(Code.FAILURE, layout.seeded() + " is damaged; use --reset");
      }
      pins.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return pins;
  }

  private static void say(String what) {
    System.err.println("lockbox: " + what);
  }

  @Override
  public void close() {
    Closers.all(running);
  }
}
