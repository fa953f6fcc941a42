package org.openlockbox.node;

import org.openlockbox.node.backup.BackupCommand;
import org.openlockbox.node.backup.RestoreCommand;
import org.openlockbox.node.control.DrainCommand;
import org.openlockbox.node.control.ReloadCommand;
import org.openlockbox.node.doctor.DoctorCommand;
import org.openlockbox.node.management.ReadyCommand;
import org.openlockbox.node.process.CommandRunner;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.resource.ResourceCommand;
import org.openlockbox.node.setup.InitCommand;
import picocli.CommandLine.Command;

/// The program behind `lockbox init`, `doctor`, `up`, `ready`, `reload`, `drain`, `resource`,
/// `token`, `person`, `backup`, `restore`, `remember`, `recover`, `rewrap` and `log-keys`: the
/// verbs that need a host's own configuration. All other verbs are the client's
/// (`org.openlockbox.cli`) and the demo's (`org.openlockbox.demo`).
@Command(
    name = "lockbox",
    synopsisSubcommandLabel =
        "(init | doctor | up | ready | reload | drain | resource | token | person | backup | restore"
            + " | remember | recover | rewrap | log-keys)",
    description = "Runs a lockbox node.",
    subcommands = {
      InitCommand.class,
      DoctorCommand.class,
      UpCommand.class,
      ReadyCommand.class,
      ReloadCommand.class,
      DrainCommand.class,
      ResourceCommand.class,
      TokenCommand.class,
      PersonCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      RememberCommand.class,
      RecoverCommand.class,
      RewrapCommand.class,
      LogKeysCommand.class
    })
public final class Main implements Runnable {
  @Override
  public void run() {
    throw new NodeFailure(
        Code.USAGE,
        "which verb? init, doctor, up, ready, reload, drain, resource, token, person, backup,"
            + " restore, remember, recover, rewrap or log-keys");
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return CommandRunner.run(new Main(), arguments);
  }
}
