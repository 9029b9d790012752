using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Cli.Commands.Delegating;

/// <summary><c>delegation create | approve | revoke | describe</c></summary>
internal static class DelegationCommands
{
    public static Command Create(Surroundings around) => new("delegation", "Lend an agent what one may do, take it back, see how it stands.")
    {
        Give(around), Approve(around), Revoke(around), Describe(around),
    };

    private static Command Give(Surroundings around)
    {
        Argument<string> receiver = new("DELEGATE") { Description = "The agent that gets it: agent:buyer." };
        Option<string[]> lend = new("--lend") { Description = "A permission on an object: view@document:q3, view@folder:*. May be given several times.", HelpName = "WHAT", Required = true };
        Option<string?> parent = new("--parent") { Description = "The hop the delegator has it from: grant:g1.", HelpName = "HOP" };
        Option<string?> task = new("--task") { Description = "The task it is for; without it the parent's.", HelpName = "TASK" };
        Option<string[]> onward = new("--onward") { Description = "To whom it may be passed on: agent:sub, agent:*. May be given several times.", HelpName = "AGENT" };
        Option<string?> id = new("--id") { Description = "The new hop's id; without it one is picked.", HelpName = "ID" };
        Option<string?> type = new("--type") { Description = "The new hop's type, where the schema has several.", HelpName = "TYPE" };
        ActOptions act = new();
        TermOptions term = new();
        Command command = act.AddTo(new Command("create", "Lend an agent permissions: all that a check would deny later is refused at once.")
        {
            receiver, lend, parent, task, onward, id, type,
        });
        term.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            DelegateRequest request = new()
            {
                Act = act.Read(parsed),
                Delegate = WireText.Object(parsed.GetRequiredValue(receiver), "delegate"),
                Parent = WireText.Optional(parsed.GetValue(parent), "parent"),
                Task = WireText.Optional(parsed.GetValue(task), "task"),
                Id = parsed.GetValue(id) ?? "",
                Type = parsed.GetValue(type) ?? "",
            };
            if (term.Until(parsed) is { } until) request.ExpiresAt = until;
            if (term.Lasting(parsed) is { } lasting) request.Lasting = lasting;
            request.Lends.AddRange((parsed.GetValue(lend) ?? []).Select(Lent));
            request.Onward.AddRange((parsed.GetValue(onward) ?? []).Select(next => WireText.Object(next, "agent")));
            using AuthzGraphClient client = around.Connect(parsed);
            DelegateResponse response = await client.DelegateAsync(request, cancellation);
            around.Print(parsed, response, () => AuthorityPrinter.Print(around.Terminal, $"created {response.Delegation.Text()}", response.EndsAt, response.Written));
            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Approve(Surroundings around)
    {
        ActOptions act = new();
        UntilOption until = new();
        Command command = act.AddTo(new Command("approve", "Approve what a hop lends."));
        until.AddTo(command);
        return OnHop(around, command, "approved", until.Read, (client, hop, parsed, cancellation) =>
            client.ApproveAsync(new ApproveRequest { Act = act.Read(parsed), Delegation = hop, ExpiresAt = until.Read(parsed) }, cancellation));
    }

    private static Command Revoke(Surroundings around)
    {
        ActOptions act = new();
        return OnHop(around, act.AddTo(new Command("revoke", "Take back a hop and all under it, for good."), forAdministrators: true), "revoked", _ => null,
            (client, hop, parsed, cancellation) => client.RevokeAsync(new RevokeRequest { Act = act.Read(parsed), Delegation = hop }, cancellation));
    }

    /// <param name="ends">When what is done ends.</param>
    private static Command OnHop(
        Surroundings around, Command command, string done, Func<ParseResult, Timestamp?> ends, Func<AuthzGraphClient, ObjectReference, ParseResult, CancellationToken, Task<AuthorityResponse>> call)
    {
        Argument<string> hop = new("HOP") { Description = "The hop: grant:g1." };
        command.Add(hop);
        command.SetAction(async (parsed, cancellation) =>
        {
            ObjectReference named = WireText.Object(parsed.GetRequiredValue(hop), "hop");
            using AuthzGraphClient client = around.Connect(parsed);
            AuthorityResponse written = await call(client, named, parsed, cancellation);
            around.Print(parsed, written, () => AuthorityPrinter.Print(around.Terminal, $"{done} {named.Text()}", ends(parsed), written));
            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Describe(Surroundings around)
    {
        Argument<string> hop = new("HOP") { Description = "The last hop of the chain: grant:g3." };
        Option<string?> viewer = new("--as") { Description = "Who wants to know.", HelpName = "PRINCIPAL" };
        Option<string?> fresh = Surroundings.AtLeastAsFresh();
        Command command = new("describe", "Show a chain: each hop, its tasks, who answers for it, until when. Exits with 1 if it is broken.") { hop, viewer, fresh };
        command.SetAction(async (parsed, cancellation) =>
        {
            DescribeRequest request = new()
            {
                Delegation = WireText.Object(parsed.GetRequiredValue(hop), "hop"),
                As = WireText.Optional(parsed.GetValue(viewer), "principal"),
                Consistency = Surroundings.Consistency(parsed, fresh),
            };
            using AuthzGraphClient client = around.Connect(parsed);
            DescribeResponse response = await client.DescribeAsync(request, cancellation);
            around.Print(parsed, response, () => ChainPrinter.Print(around.Terminal, request.Delegation, response));
            return response.Code == Protocol.V1.DenialCode.Unspecified ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    /// <summary>Reads <c>view@document:q3</c>, then optionally a caveat: as it stands in the hop's own relationship.</summary>
    private static Lending Lent(string text)
    {
        if (!RelationTuple.TryParse($"hop:new#{text}", out RelationTuple tuple) || tuple.Subject.Relation is not null || tuple.Window != Window.Always)
            throw new CommandException($"`{text}` can't be lent: write permission@type:id, then optionally [caveat]");
        return new Lending
        {
            Permission = tuple.Relation,
            Resource = WireText.Object(tuple.Subject.Object.ToString(), "resource"),
            Caveat = tuple.Caveat is { } caveat ? new Caveat { Name = caveat.Name, Context = WireText.Context(caveat.ContextJson) } : null,
        };
    }
}
