using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;

namespace AuthzGraph.Server.AuthZen;

/// <summary>
/// The search APIs (AuthZEN 1.0 §8): everything found would be permitted by an evaluation, with the properties that are stored of each. What no
/// relationship or schema knows finds nothing. A permission that everybody has names no subjects beyond those with relationships of their own.
/// </summary>
internal sealed class Searches(Limits limits)
{
    private readonly record struct Page(string? Token, int Limit);

    /// <summary>One entity or action that was found.</summary>
    /// <param name="Type">Null: it is an action, whose name is the id.</param>
    /// <param name="Cursor">Where to go on behind it; asked for before the next one is.</param>
    private readonly record struct Result(string? Type, string Id, Func<string> Cursor);

    /// <exception cref="AuthZenException">The request is not as AuthZEN has it.</exception>
    public void Subjects(JsonElement json, Utf8JsonWriter output, Access access, CancellationToken cancellation)
    {
        AuthZenRequest request = AuthZenRequest.Read(json);
        string type = AuthZenRequest.TypeOf(request.Subject, "subject");
        (Acting acting, string? context) = ActingContext.Split(request.AllContext());
        if (!acting.IsNone) throw new AuthZenException("a search for subjects takes no `context.acting`");
        var asked = new SubjectLookupRequest
        {
            Resource = AuthZenRequest.ToObject(request.Resource, "resource"),
            Permission = request.ActionName,
            SubjectType = type,
            ContextJson = context,
        };
        Page page = PageOf(json);
        using SubjectLookup? lookup = Found(() => access.SnapshotForDecision(Consistency.Default).LookupSubjects(asked with { Cursor = page.Token }, cancellation));
        if (lookup is not null) access.RequireRecent(lookup.Snapshot, limits);
        Write(page.Limit, Results(), output);

        IEnumerable<Result> Results()
        {
            while (lookup is not null && lookup.MoveNext())
                if (lookup.Id != Names.Wildcard && (lookup.Missing.IsEmpty || IsPermitted(request.AboutSubject(type, lookup.Id), lookup.Snapshot)))
                    yield return new Result(type, lookup.Id, () => lookup.Cursor);
        }
    }

    /// <inheritdoc cref="Subjects"/>
    public void Resources(JsonElement json, Utf8JsonWriter output, Access access, CancellationToken cancellation)
    {
        AuthZenRequest request = AuthZenRequest.Read(json);
        string type = AuthZenRequest.TypeOf(request.Resource, "resource");
        (Acting acting, string? context) = ActingContext.Split(request.AllContext());
        var asked = new ResourceLookupRequest
        {
            ResourceType = type,
            Permission = request.ActionName,
            Subject = new SubjectRef(AuthZenRequest.ToObject(request.Subject, "subject")),
            Acting = acting,
            ContextJson = context,
        };
        access.RequireSubject(asked.Subject);
        Page page = PageOf(json);
        using ResourceLookup? lookup = Found(() => access.SnapshotForDecision(Consistency.Default).LookupResources(asked with { Cursor = page.Token }, cancellation));
        if (lookup is not null) access.RequireRecent(lookup.Snapshot, limits);
        Write(page.Limit, Results(), output);

        IEnumerable<Result> Results()
        {
            while (lookup is not null && lookup.MoveNext())
                if (lookup.Missing.IsEmpty || IsPermitted(request.AboutResource(type, lookup.Id), lookup.Snapshot))
                    yield return new Result(type, lookup.Id, () => lookup.Cursor);
        }
    }

    /// <inheritdoc cref="Subjects"/>
    public void Actions(JsonElement json, Utf8JsonWriter output, Access access)
    {
        AuthZenRequest request = AuthZenRequest.Read(json) with { Action = null };
        ObjectRef resource = AuthZenRequest.ToObject(request.Resource, "resource");
        access.RequireSubject(new SubjectRef(AuthZenRequest.ToObject(request.Subject, "subject")));
        Page page = PageOf(json);
        Snapshot snapshot = access.SnapshotForDecision(Consistency.Default);
        IEnumerable<Permission> permissions = snapshot.HasSchema && snapshot.Schema.FindType(resource.Type) is { } type ? type.Members.OfType<Permission>() : [];
        IEnumerable<Result> allowed = permissions.Select(permission => permission.Name).Order(StringComparer.Ordinal)
            .Where(name => page.Token is not { } after || string.CompareOrdinal(name, after) > 0)
            .Where(name => Found(() => (request with { Action = new Entity("", name, null) }).Ask(snapshot)).IsPermitted)
            .Select(name => new Result(null, name, () => name));
        Write(page.Limit, allowed, output);
    }

    /// <summary>
    /// Whether one that the lookup could not settle is permitted with what is stored of it. Those that it could settle stay as they are: stored
    /// properties only add to a context.
    /// </summary>
    private static bool IsPermitted(AuthZenRequest candidate, Snapshot snapshot) =>
        candidate.HasStored(snapshot) && Found(() => candidate.Ask(snapshot.Uncounted)).IsPermitted;

    /// <summary>Writes up to a page of results; the page stands first, so results wait until it is known whether more follow.</summary>
    private static void Write(int limit, IEnumerable<Result> found, Utf8JsonWriter output)
    {
        using var results = new MemoryStream();
        string next = "", last = "";
        using (var writer = new Utf8JsonWriter(results))
        {
            writer.WriteStartArray();
            int count = 0;
            foreach (Result result in found)
            {
                if (count++ == limit)
                {
                    next = last;
                    break;
                }
                if (count == limit) last = result.Cursor();
                Write(result, writer);
            }
            writer.WriteEndArray();
        }
        output.WriteStartObject();
        output.WriteStartObject("page");
        output.WriteString("next_token", next);
        output.WriteEndObject();
        output.WritePropertyName("results");
        output.WriteRawValue(results.ToArray());
        output.WriteEndObject();
    }

    private static void Write(in Result result, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (result.Type is { } type) writer.WriteString("type", type);
        writer.WriteString(result.Type is null ? "name" : "id", result.Id);
        writer.WriteEndObject();
    }

    /// <summary>Nothing where the schema does not know what is asked about; a token that is none is the caller's mistake.</summary>
    private static T? Found<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (RejectionException rejection) when (rejection.Reason.Contains("CURSOR", StringComparison.Ordinal))
        {
            throw new AuthZenException($"`page.token`: {rejection.Message}");
        }
        catch (RejectionException rejection) when (Evaluations.IsUndecidable(rejection))
        {
            return default;
        }
    }

    private Page PageOf(JsonElement json)
    {
        if (!json.TryGetProperty("page", out JsonElement page)) return new Page(null, limits.TuplesPerJsonRead);
        if (page.ValueKind != JsonValueKind.Object) throw new AuthZenException("`page` is a JSON object");
        string? token = null;
        if (page.TryGetProperty("token", out JsonElement given))
            token = given.ValueKind == JsonValueKind.String ? given.GetString() : throw new AuthZenException("`page.token` is a JSON string");
        int limit = limits.TuplesPerJsonRead;
        if (page.TryGetProperty("limit", out JsonElement number) && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out limit) || limit < 1))
            throw new AuthZenException("`page.limit` is a number from 1 on");
        return new Page(string.IsNullOrEmpty(token) ? null : token, Math.Min(limit, limits.TuplesPerJsonRead));
    }
}
