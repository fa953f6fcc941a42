package org.openlockbox.node.setup;

import java.io.Console;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lockbox init`: from an empty host to a server, a gateway or both, that run. Each
/// [SetupQuestion] is an option of the same name.
@Command(
    name = "init",
    modelTransformer = InitCommand.QuestionOptions.class,
    description = {
      "Makes what one host needs: keys, certificates, database roles, configuration, the first"
          + " profiles; starts the services; says what to do next.",
      "With --server or --gateway it makes that part alone, for one host each.",
      "Asks at a terminal for what no flag and no answers file says. Keeps each file that is there:"
          + " killed anywhere, the same command goes on."
    },
    footer = {
      "",
      "Example:",
      "  lockbox init --host lockbox.example.com --provider 'Example Ltd' \\",
      "    --protect localhost:5432/shop --tenants acme=1,globex=2",
      "",
      "Two hosts:",
      "  lockbox init --server --host lockbox.example.com --gateway-host gateway.example.com \\",
      "    --resource shop --provider 'Example Ltd'",
      "  lockbox init --gateway --protect localhost:5432/shop --tenants acme=1,globex=2"
    })
public final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description =
          "A YAML file with one line for each answer, such as `host: lockbox.example.com`.")
  private Optional<Path> answers = Optional.empty();

  @Option(names = "--no-start", description = "Start no service.")
  private boolean idle;

  /// Gives the command an option for each question.
  static final class QuestionOptions implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      for (SetupQuestion question : SetupQuestion.values()) {
        spec.addOption(
            OptionSpec.builder(question.flag())
                .type(question.isSwitch() ? boolean.class : String.class)
                .paramLabel(question.form())
                .description(question.text())
                .build());
      }
      return spec;
    }
  }

  @Override
  public Integer call() throws SQLException {
    var plan = HostPlanReader.read(Answers.of(flags(), answers, InitCommand::asked));
    HostSetup.refuseWithoutPsql();
    var files = new HostSetup(plan, Node.clock(), Node.random(), System.getenv()).make();
    files.made().forEach(file -> System.err.println("lockbox: made " + file));
    files.kept().forEach(file -> System.err.println("lockbox: kept " + file));
    boolean start = !idle && HostServices.areHere(plan.role());
    boolean started = start && HostServices.start(plan);
    System.out.print(NextSteps.of(plan, started));
    if (start && !started) {
      throw new NodeFailure(
          Code.FAILURE,
          "what was started does not answer yet; journalctl -u %s says why, and so does lockbox doctor"
              .formatted(String.join(" -u ", HostServices.of(plan.role()))));
    }
    return 0;
  }

  private Map<SetupQuestion, String> flags() {
    CommandLine.ParseResult call = spec.commandLine().getParseResult();
    Map<SetupQuestion, String> flags = new EnumMap<>(SetupQuestion.class);
    for (SetupQuestion question : SetupQuestion.values()) {
      Object value = call.matchedOptionValue(question.flag(), (Object) "");
      String said = String.valueOf(value);
      if (!said.isEmpty()) {
        flags.put(question, said);
      }
    }
    return flags;
  }

  /// What the person at the terminal answers, if there is one.
  private static Optional<String> asked(SetupQuestion question) {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> console.readLine("%s%n  %s: ", question.text(), question.form()))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }
}
