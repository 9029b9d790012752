using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;

namespace AuthzGraph.Server.AuthZen;

/// <summary>
/// The search APIs (AuthZEN 1.0 §8): everything found would be permitted by an evaluation. What no relationship or schema knows finds nothing.
/// A permission that everybody has names no subjects beyond those with relationships of their own.
/// </summary>
internal sealed class Searches(Limits limits)
{
    private readonly record struct Page(string? Token, int Limit);

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
        using SubjectLookup? lookup = Found(() => access.Graph.Snapshot().LookupSubjects(asked with { Cursor = page.Token }, cancellation));
        Write(page.Limit, lookup is null ? null : () => lookup.MoveNext(), () => lookup is { Missing.IsEmpty: true, Id: not Names.Wildcard },
            () => lookup?.Cursor ?? "", writer => WriteEntity(writer, type, lookup?.Id ?? ""), output);
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
        Page page = PageOf(json);
        using ResourceLookup? lookup = Found(() => access.Graph.Snapshot().LookupResources(asked with { Cursor = page.Token }, cancellation));
        Write(page.Limit, lookup is null ? null : () => lookup.MoveNext(), () => lookup is { Missing.IsEmpty: true },
            () => lookup?.Cursor ?? "", writer => WriteEntity(writer, type, lookup?.Id ?? ""), output);
    }

    /// <inheritdoc cref="Subjects"/>
    public void Actions(JsonElement json, Utf8JsonWriter output, Access access)
    {
        AuthZenRequest request = AuthZenRequest.Read(json) with { Action = null };
        ObjectRef resource = AuthZenRequest.ToObject(request.Resource, "resource");
        AuthZenRequest.ToObject(request.Subject, "subject");
        Page page = PageOf(json);
        Snapshot snapshot = access.Graph.Snapshot();
        IEnumerable<Permission> permissions = snapshot.HasSchema && snapshot.Schema.FindType(resource.Type) is { } type ? type.Members.OfType<Permission>() : [];
        using IEnumerator<string> names = permissions.Select(permission => permission.Name).Order(StringComparer.Ordinal)
            .Where(name => page.Token is not { } after || string.CompareOrdinal(name, after) > 0)
            .Where(name => Found(() => snapshot.Check((request with { Action = new Entity("", name, null) }).ToQuestion())).IsPermitted).GetEnumerator();
        Write(page.Limit, names.MoveNext, () => true, () => names.Current, writer => WriteAction(writer, names.Current), output);
    }

    /// <summary>Writes up to a page of results; the page stands first, so results wait until it is known whether more follow.</summary>
    private static void Write(int limit, Func<bool>? moveNext, Func<bool> isPermitted, Func<string> cursor, Action<Utf8JsonWriter> write, Utf8JsonWriter output)
    {
        using var results = new MemoryStream();
        string next = "";
        using (var writer = new Utf8JsonWriter(results))
        {
            writer.WriteStartArray();
            string last = "";
            for (int count = 0; moveNext is not null && moveNext();)
            {
                if (!isPermitted()) continue;
                if (count++ == limit)
                {
                    next = last;
                    break;
                }
                last = count == limit ? cursor() : "";
                write(writer);
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

    private static void WriteEntity(Utf8JsonWriter writer, string type, string id)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString("id", id);
        writer.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
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
        catch (RejectionException rejection) when (rejection.Code is RejectionCode.InvalidArgument or RejectionCode.FailedPrecondition or RejectionCode.NotFound)
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
