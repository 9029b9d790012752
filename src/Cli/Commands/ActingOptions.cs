using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands;

/// <summary>On whose authority an agent asks.</summary>
internal sealed class ActingOptions
{
    private readonly Option<string?> _delegation = new("--acting-delegation") { Description = "The hop an agent presents: grant:g3.", HelpName = "HOP" };
    private readonly Option<string?> _onBehalfOf = new("--on-behalf-of") { Description = "Whose authority an agent uses: user:ann.", HelpName = "PRINCIPAL" };
    private readonly Option<string?> _task = new("--task") { Description = "The task it must belong to: task:q3.", HelpName = "TASK" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_delegation, _onBehalfOf, _task]) command.Add(option);
    }

    /// <summary>Null: the agent asks for itself.</summary>
    public Acting? Read(ParseResult parsed)
    {
        (string? delegation, string? onBehalfOf, string? task) = (parsed.GetValue(_delegation), parsed.GetValue(_onBehalfOf), parsed.GetValue(_task));
        return delegation is null && onBehalfOf is null && task is null ? null : new Acting
        {
            Delegation = WireText.Optional(delegation, "delegation"),
            OnBehalfOf = WireText.Optional(onBehalfOf, "principal"),
            Task = WireText.Optional(task, "task"),
        };
    }
}
