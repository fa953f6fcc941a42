package org.openlockbox.e2e.harness;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openlockbox.demo.postgres.DirectoryTrees;

/// The real demo program in a process of its own, over a state directory below `e2e/target`, on
/// free ports: `./lockbox demo --free-ports`, stopped by SIGTERM.
///
/// Tests sit down at the [#terminal] of one of its people and type; to look behind the curtain they
/// may open either database as its superuser.
public final class Demo implements AutoCloseable {
  private static final String UP = "Ctrl-C stops everything";

  private final Path state;
  private final Thread atExit = new Thread(this::endWithTests, "demo ends with the tests");
  private Typed program;

  private Demo(Path state) {
    this.state = state;
    this.program = launch();
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// A fresh demo of this name.
  public static Demo start(String name) {
    Path state = Distribution.scratch().resolve("demo").resolve(name);
    try {
      DirectoryTrees.delete(state);
      Files.createDirectories(state.resolve("desk"));
      Distribution.get().furnish(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var demo = new Demo(state);
    try {
      demo.awaitUp();
      return demo;
    } catch (AssertionError e) {
      demo.close();
      throw e;
    }
  }

  private Typed launch(String... more) {
    return Typed.start(
        List.of(
            "sh",
            "-c",
            "exec lockbox demo --free-ports --no-request-limits " + String.join(" ", more)),
        environment(),
        desk());
  }

  /// Waits until the running program says that it is up.
  public void awaitUp() {
    program.prints(UP);
  }

  /// Starts the program again over the same state, after [#stop] or [#kill]; [#awaitUp] waits for
  /// it.
  public void restart() {
    program = launch();
  }

  /// Starts the program again as [#restart] does, with everything before forgotten.
  public void startOver() {
    program = launch("--reset");
  }

  /// Ends it as Ctrl-C does, by a signal that no shell makes a program ignore, and waits for the
  /// end.
  public Answer stop() {
    program.signal("TERM");
    return program.ends();
  }

  /// `kill -9`: the program is gone at once, the two PostgreSQL servers are not.
  public void kill() {
    program.close();
  }

  /// The process that runs server and gateway.
  public Typed program() {
    return program;
  }

  public Path state() {
    return state;
  }

  /// Where everybody's commands are typed and their files land.
  public Path desk() {
    return state.resolve("desk");
  }

  /// A terminal of one of the demo's people: `engineer`, `acme-approver`, …
  public Terminal terminal(String profile) {
    Map<String, String> environment = environment();
    environment.put("LOCKBOX_PROFILE", profile);
    return new Terminal(environment, desk());
  }

  private Map<String, String> environment() {
    var distribution = Distribution.get().directory();
    var environment = new HashMap<String, String>();
    environment.put("PATH", distribution.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("HOME", desk().toString());
    environment.put("JAVA_HOME", Distribution.get().javaHome().toString());
    environment.put("LOCKBOX_DIST", distribution.toString());
    environment.put("LOCKBOX_STATE", state.toString());
    environment.put("LOCKBOX_JAVA_OPTS", Distribution.PROGRAM_OPTIONS);
    environment.put("TZ", "UTC");
    return environment;
  }

  /// The engineer asks; answers the request's id.
  public String ask(String tenant, String level, String options) {
    return ask(tenant, "helpdesk", level, options);
  }

  private String ask(String tenant, String resource, String level, String options) {
    return terminal("engineer")
        .types(
            "lockbox request create --tenant %s --resource %s --level %s %s"
                    .formatted(tenant, resource, level, options)
                + " --purpose customer_ticket --ticket SUP-1 --reason 'Cannot log in' -o json")
        .json()
        .text("id");
  }

  /// The engineer asks and the tenant's approver signs; answers the request's id.
  public String askAndApprove(String tenant, String level, String options) {
    return approved(tenant, ask(tenant, level, options));
  }

  private String approved(String tenant, String id) {
    String approver = tenant + "-approver";
    terminal(approver).types("lockbox approve %s --key %s.key".formatted(id, approver)).ends(0);
    return id;
  }

  /// The same of acme's tickets at the service that speaks HTTP.
  public String askService(String level) {
    return askService("acme", level, "--for 30m");
  }

  private String askService(String tenant, String level, String options) {
    return ask(tenant, "helpdesk-api", level, options);
  }

  /// The same, and acme's approver signs.
  public String askServiceAndApprove(String level) {
    return askServiceAndApprove("acme", level, "--for 30m");
  }

  /// The same of this tenant's tickets.
  public String askServiceAndApprove(String tenant, String level, String options) {
    return approved(tenant, askService(tenant, level, options));
  }

  /// One of the ports in `ports.properties`: `server`, `gateway`, `http`, `helpdesk`, `api`,
  /// `mail`, `mailPage`.
  public int port(String name) {
    return Integer.parseInt(properties(state.resolve("ports.properties")).getProperty(name, ""));
  }

  /// The token in this person's profile.
  public String token(String profile) {
    Path file = state.resolve("cli/profiles/" + profile + ".properties");
    return properties(file).getProperty("token", "");
  }

  /// The file of this key: `acme-approver.key`, …
  public Path key(String name) {
    return state.resolve("keys").resolve(name);
  }

  private static Properties properties(Path file) {
    var properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The control plane's database, as its superuser.
  public Connection control() throws SQLException {
    return superuser("control", "lockbox");
  }

  /// Makes as if these codes had never been asked for. Tests that share a demo sign one person in
  /// more often than the portal lets anybody; that it does not is tested elsewhere.
  void forgetSignIns(String address) {
    try (var control = control();
        var forget = control.prepareStatement("delete from sign_in where address = ?")) {
      forget.setString(1, address);
      forget.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The protected database, as its superuser.
  public Connection helpdesk() throws SQLException {
    return superuser("helpdesk", "helpdesk");
  }

  /// Where that cluster lies: `control` or `helpdesk`.
  public Path cluster(String name) {
    return state.resolve("data").resolve(name);
  }

  private Connection superuser(String cluster, String database) throws SQLException {
    try {
      String password = Files.readString(cluster(cluster).resolve("password")).strip();
      String url = "jdbc:postgresql://127.0.0.1:" + port(cluster) + "/" + database;
      return DriverManager.getConnection(url, "postgres", password);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether this machine was ever too slow for the lease, which a gateway loses after a second.
  /// Then sessions may have ended that nobody ended.
  public boolean lostTheLease() {
    try {
      return Files.readString(state.resolve("lockbox.log")).contains("the lease was not renewed");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All messages that left so far, in order.
  public List<Mail> mails() {
    var mails = new ArrayList<Mail>();
    try (Stream<Path> files = Files.list(state.resolve("mail"))) {
      for (Path file : files.filter(Demo::isWholeMail).sorted().toList()) {
        mails.add(Mail.read(file));
      }
      return mails;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isWholeMail(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".eml") && !name.startsWith(".");
  }

  /// Stops it; after a failure in between, whatever still runs of it.
  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(atExit);
    Leftovers.stopped(state);
  }

  private void endWithTests() {
    end();
    Leftovers.stoppedAtEnd(state);
  }

  /// Surefire waits half a minute for a JVM to end.
  private void end() {
    try {
      if (program.runs()) {
        program.signal("TERM");
        program.ends(Duration.ofSeconds(20));
      }
    } finally {
      kill();
      stopClusters();
    }
  }

  /// PostgreSQL outlives a killed node, by design; tests leave nothing behind.
  private void stopClusters() {
    for (String cluster : List.of("control", "helpdesk")) {
      stopCluster(cluster);
    }
  }

  /// Stops one PostgreSQL server at once, as an operator's mistake or a full disk would.
  public void stopCluster(String name) {
    postmaster(name).ifPresent(Demo::quit);
  }

  private static void quit(ProcessHandle postmaster) {
    Signals.send("QUIT", postmaster.pid());
    postmaster.onExit().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /// The running PostgreSQL server of this cluster.
  public Optional<ProcessHandle> postmaster(String name) {
    Path pid = cluster(name).resolve("pgdata/postmaster.pid");
    try {
      if (!Files.exists(pid)) {
        return Optional.empty();
      }
      return ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst().strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
