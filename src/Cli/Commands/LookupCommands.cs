using System.CommandLine;
using AuthzGraph.Cli.Network;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>lookup resources | subjects</c>: everything a subject may reach, everybody who may reach a resource.</summary>
internal static class LookupCommands
{
    public static Command Create(Surroundings around) => new("lookup", "List what a subject may reach, or who may reach a resource.")
    {
        Resources(around),
        Subjects(around),
    };

    private static Command Resources(Surroundings around)
    {
        Argument<string> type = new("TYPE") { Description = "The type of what is looked for: document." };
        Argument<string> permission = new("PERMISSION") { Description = "A permission or relation of it: view." };
        Argument<string> subject = new("SUBJECT") { Description = "Who asks: user:ann, agent:buyer, group:eng#member." };
        ActingOptions acting = new();
        Paging paging = new();
        Command command = new("resources", "List every object of a type on which a subject has a permission.") { type, permission, subject };
        acting.AddTo(command);
        paging.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            LookupResourcesRequest request = new()
            {
                ResourceType = parsed.GetRequiredValue(type),
                Permission = parsed.GetRequiredValue(permission),
                Subject = WireText.Subject(parsed.GetRequiredValue(subject)),
                Acting = acting.Read(parsed),
                Context = WireText.Context(parsed.GetValue(paging.Context)),
                Limit = parsed.GetValue(paging.Limit),
                Cursor = parsed.GetRequiredValue(paging.Cursor),
                Consistency = Surroundings.Consistency(parsed, paging.Fresh),
            };
            using AuthzGraphClient client = around.ConnectForLong(parsed);
            LookupResourcesResponse last = new();
            await foreach (LookupResourcesResponse page in client.LookupResourcesAsync(request, cancellation))
            {
                foreach (FoundResource found in page.Resources)
                    if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.OfLine(found));
                    else LookupPrinter.Print(around.Terminal, request.ResourceType, found);
                last = page;
            }
            if (last.Barred != DenialCode.Unspecified) around.Terminal.ErrorLine($"[yellow]note[/]: {DenialText.Name(last.Barred)}: {DenialText.Of(last.Barred)}");
            Paging.TellOfMore(around.Terminal, last.Complete, last.Cursor);
            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Subjects(Surroundings around)
    {
        Argument<string> resource = new("RESOURCE") { Description = "What is asked about: document:readme." };
        Argument<string> permission = new("PERMISSION") { Description = "A permission or relation of it: view." };
        Argument<string> kind = new("TYPE") { Description = "Who is looked for: user, or group#member for usersets." };
        Option<bool> acting = new("--acting") { Description = "List agents of the type that may do it on somebody's authority, each with its chain." };
        Paging paging = new();
        Command command = new("subjects", "List every subject of a type that has a permission on a resource.") { resource, permission, kind, acting };
        paging.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] parts = parsed.GetRequiredValue(kind).Split('#', 2);
            LookupSubjectsRequest request = new()
            {
                Resource = WireText.Object(parsed.GetRequiredValue(resource), "resource"),
                Permission = parsed.GetRequiredValue(permission),
                SubjectType = parts[0],
                SubjectRelation = parts.Length > 1 ? parts[1] : "",
                Acting = parsed.GetValue(acting),
                Context = WireText.Context(parsed.GetValue(paging.Context)),
                Limit = parsed.GetValue(paging.Limit),
                Cursor = parsed.GetRequiredValue(paging.Cursor),
                Consistency = Surroundings.Consistency(parsed, paging.Fresh),
            };
            using AuthzGraphClient client = around.ConnectForLong(parsed);
            LookupSubjectsResponse last = new();
            await foreach (LookupSubjectsResponse page in client.LookupSubjectsAsync(request, cancellation))
            {
                foreach (FoundSubject found in page.Subjects) Print(around, parsed, request, found);
                last = page;
            }
            Paging.TellOfMore(around.Terminal, last.Complete, last.Cursor);
            return ExitCode.Yes;
        });
        return command;
    }

    private static void Print(Surroundings around, ParseResult parsed, LookupSubjectsRequest request, FoundSubject found)
    {
        if (around.WantsJson(parsed)) around.Terminal.Raw(JsonText.OfLine(found));
        else if (request.Acting) LookupPrinter.PrintActing(around.Terminal, request.SubjectType, found);
        else LookupPrinter.Print(around.Terminal, request.SubjectType, request.SubjectRelation, found);
    }
}
