using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands.Delegating;

/// <summary>Who does it.</summary>
internal sealed class ActOptions
{
    private readonly Option<string?> _as = new("--as") { Description = "Who does it: user:ann. A credential that is bound to a principal is that one.", HelpName = "PRINCIPAL" };
    private readonly Option<bool> _administrator = new("--administrator") { Description = "Do it as an administrator, whom nothing of it need concern." };
    private readonly Option<string?> _key = new("--key") { Description = "A key under which the same command may be run again, and is done once.", HelpName = "KEY" };

    /// <summary>Adds the options, <c>--administrator</c> only where it means something.</summary>
    public Command AddTo(Command command, bool forAdministrators = false)
    {
        command.Add(_as);
        if (forAdministrators) command.Add(_administrator);
        command.Add(_key);
        return command;
    }

    public Act Read(ParseResult parsed) => new()
    {
        As = WireText.Optional(parsed.GetValue(_as), "principal"),
        Administrator = parsed.CommandResult.Command.Options.Contains(_administrator) && parsed.GetValue(_administrator),
        IdempotencyKey = parsed.GetValue(_key) ?? "",
    };
}
