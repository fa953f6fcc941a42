import java.nio.file.Path;
import java.sql.DriverManager;
import liquibase.Contexts;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.flywaydb.core.Flyway;

/// Calls a migration tool as applications do: TOOL URL USER DIRECTORY VERSION.
public class Migrate {
  public static void main(String[] arguments) throws Exception {
    String url = arguments[1], user = arguments[2], directory = arguments[3], to = arguments[4];
    if (arguments[0].equals("flyway")) {
      Flyway.configure().dataSource(url, user, "unused").locations("filesystem:" + directory).target(to).load().migrate();
      return;
    }
    try (var connection = DriverManager.getConnection(url, user, "unused")) {
      var database = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
      database.setDefaultSchemaName("shop");
      database.setLiquibaseSchemaName("shop");
      new Liquibase("changes.sql", new DirectoryResourceAccessor(Path.of(directory)), database).update(new Contexts("to" + to));
    }
  }
}
