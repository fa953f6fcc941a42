package org.openlockbox.cli.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.profile.ServerProfile;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import picocli.CommandLine.Option;

/// The options that every command has, and what follows from them: the profile, the server behind
/// it, and how to print.
public final class CommonOptions {
  private final CommandContext surroundings;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "The role to act in (or LOCKBOX_PROFILE).")
  private String profile = "";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The server to ask (or LOCKBOX_SERVER).")
  private String server = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      description = "How to print on stdout (default: ${DEFAULT-VALUE}).",
      defaultValue = "table")
  private OutputFormat format = OutputFormat.table;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say only what is necessary.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private @Nullable Api api;

  CommonOptions(CommandContext surroundings) {
    this.surroundings = surroundings;
  }

  /// How results are printed. Lower-case because the constants are what one types.
  enum OutputFormat {
    table,
    json
  }

  /// Whether the usage text was asked for; picocli prints it.
  boolean help() {
    return help;
  }

  public boolean json() {
    return format == OutputFormat.json;
  }

  public Terminal terminal() {
    Terminal terminal = surroundings.terminal();
    if (quiet) {
      terminal.beQuiet();
    }
    return terminal;
  }

  public CommandContext surroundings() {
    return surroundings;
  }

  /// The server, asked as the profile's role. Reads the profile on first use.
  public Api api() {
    Api made = api;
    if (made == null) {
      made = new Api(profile());
      api = made;
    }
    return made;
  }

  void close() {
    Api made = api;
    if (made != null) {
      made.close();
    }
  }

  public ServerProfile profile() {
    return surroundings.profiles().resolve(profile, server);
  }

  /// The key to sign with: the one that `--key` names, or else the profile's.
  ///
  /// @param given what `--key` says; empty where it was left out
  /// @throws Failure if neither names one
  public String signingKey(String given) {
    if (!given.isEmpty()) {
      return given;
    }
    return profile()
        .keyFile()
        .orElseThrow(
            () ->
                Failure.usage(
                    "say with which key: --key FILE, or key= in the profile",
                    "lockbox key new FILE"));
  }

  /// The profile to sign in with, which may not be there yet.
  ServerProfile profileForSignIn(String ca) {
    return surroundings.profiles().forSignIn(profile, server, ca);
  }

  /// What the person at the keyboard answers; empty when there is nobody.
  public String answer() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(surroundings().in(), StandardCharsets.UTF_8))
              .readLine();
      return line == null ? "" : line;
    } catch (IOException closed) {
      return "";
    }
  }
}
