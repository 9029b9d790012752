using System.CommandLine;
using System.Text;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Model;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Security.Credentials;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>credential create NAME</c>: a new key, and the entry for it in the credentials file.</summary>
internal static class CredentialCommand
{
    public static Command Create(Surroundings around) => new("credential", "Make keys for those who call the server.") { New(around) };

    private static Command New(Surroundings around)
    {
        Argument<string> name = new("NAME") { Description = "Whose key it is, for logs: gateway-1." };
        Option<string> rights = new("--rights") { Description = $"What it may do: some of {string.Join(',', RightNames.All)}.", HelpName = "RIGHT,…", Required = true };
        Option<string?> principal = new("--principal") { Description = "Whom alone it asks for: agent:buyer.", HelpName = "OBJECT" };
        Option<string?> stores = new("--stores") { Description = "The stores it reaches; else all.", HelpName = "NAME,…" };
        Command command = new("create", "Print a new key, once, and what to add to the credentials file. Nothing is written.") { name, rights, principal, stores };
        command.SetAction(parsed =>
        {
            (string key, string sha256) = ApiKey.Create();
            string[] given = Words(parsed.GetRequiredValue(rights));
            if (given.FirstOrDefault(word => !RightNames.IsKnown(word)) is { } unknown) throw new CommandException($"there is no right `{unknown}`{RightNames.Hint(unknown)}");
            if (given.Length == 0) throw new CommandException("--rights is empty: a credential without rights opens nothing");
            string? bound = parsed.GetValue(principal) is { } text ? ObjectRef.Parse(text, "principal").ToString() : null;
            string entry = Entry(parsed.GetRequiredValue(name), sha256, given, bound, Words(parsed.GetValue(stores) ?? ""));
            if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.Of(new { key, entry }));
            else around.Terminal.Raw($"The key, which is not shown again:\n{key}\n\nBelow `credentials:` in the credentials file:\n{entry}".TrimEnd('\n'));
            return ExitCode.Yes;
        });
        return command;
    }

    private static string Entry(string name, string sha256, string[] rights, string? principal, string[] stores)
    {
        StringBuilder entry = new();
        entry.Append($"  - name: {name}\n    keys: [{sha256}]\n    rights: [{string.Join(", ", rights)}]\n");
        if (stores.Length > 0) entry.Append($"    stores: [{string.Join(", ", stores)}]\n");
        if (principal is not null) entry.Append($"    principal: '{principal.Replace("'", "''", StringComparison.Ordinal)}'\n");
        return entry.ToString();
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
