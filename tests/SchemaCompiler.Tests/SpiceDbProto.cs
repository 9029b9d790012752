using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>What SpiceDB compiles a schema to, as its own tests write it down, told back as a schema with every operation in parentheses.</summary>
internal static class SpiceDbProto
{
    public static string Text(JsonElement definitions) => string.Join("\n", definitions.EnumerateArray().Select(Definition));

    private static string Definition(JsonElement proto) => Call(proto) switch
    {
        ("Namespace", var args) => Definition(args[0], args[1..]),
        ("WithComment", var args) => $"{args[1].GetString()}\n{Definition(args[0], args[2..])}",
        ("MustCaveatDefinition", var args) => $"caveat {args[1].GetString()}({Parameters(Call(args[0]).Args[0])}) {{\n{args[2].GetString()}\n}}",
        var (name, _) => throw new UnreachableException(name),
    };

    private static string Definition(JsonElement name, JsonElement[] members) =>
        $"definition {name.GetString()} {{\n{string.Concat(members.Select(Member))}}}";

    private static string Member(JsonElement proto)
    {
        (string kind, JsonElement[] args) = Call(proto);
        string comment = kind == "MustRelationWithComment" ? $"{args[1].GetString()}\n" : "";
        JsonElement[] rest = comment.Length > 0 ? args[2..] : args[1..];
        return comment + (rest[0].ValueKind == JsonValueKind.Null
            ? $"relation {args[0].GetString()}: {string.Join(" | ", rest[1..].Select(Allowed))}\n"
            : $"permission {args[0].GetString()} = {Rewrite(rest[0])}\n");
    }

    private static string Allowed(JsonElement proto)
    {
        (string kind, JsonElement[] args) = Call(proto);
        string Userset() => args[1].GetString() is { } relation && relation != "..." ? $"#{relation}" : "";
        string Caveat() => Call(args[^1]).Args[0].GetString() ?? "";
        return kind switch
        {
            "AllowedRelation" => $"{args[0].GetString()}{Userset()}",
            "AllowedPublicNamespace" => $"{args[0].GetString()}:*",
            "AllowedRelationWithCaveat" => $"{args[0].GetString()}{Userset()} with {Caveat()}",
            "AllowedRelationWithExpiration" => $"{args[0].GetString()}{Userset()} with expiration",
            "AllowedRelationWithCaveatAndExpiration" => $"{args[0].GetString()}{Userset()} with {Caveat()} and expiration",
            "WithExpiration" => $"{Allowed(args[0])} with expiration",
            _ => throw new UnreachableException(kind),
        };
    }

    private static string Rewrite(JsonElement proto)
    {
        (string kind, JsonElement[] args) = Call(proto);
        string Joined(string op) => args.Length == 1 ? Rewrite(args[0]) : $"({string.Join(op, args.Select(Rewrite))})";
        return kind switch
        {
            "Union" => Joined(" + "),
            "Intersection" => Joined(" & "),
            "Exclusion" => Joined(" - "),
            "Rewrite" => Rewrite(args[0]),
            "ComputedUserset" => args[0].GetString() ?? "",
            "TupleToUserset" => $"{args[0].GetString()}->{args[1].GetString()}",
            "MustFunctionedTupleToUserset" => $"{args[0].GetString()}.{args[1].GetString()}({args[2].GetString()})",
            "Nil" => "nil",
            "Self" => "self",
            _ => throw new UnreachableException(kind),
        };
    }

    private static string Parameters(JsonElement env) => string.Join(", ", Variables(env));

    /// <summary><c>day int</c>, <c>sizes list&lt;int&gt;</c>, from the variables of one of SpiceDB's environments; none: an empty list.</summary>
    public static string[] Variables(JsonElement env) =>
        env.ValueKind == JsonValueKind.Object ? [.. env.EnumerateObject().Select(variable => $"{variable.Name} {Type(variable.Value)}")] : [];

    private static string Type(JsonElement proto)
    {
        if (proto.TryGetProperty("$id", out JsonElement id))
            return Regex.Match(id.GetString() ?? "", @"\.(\w+)Type$").Groups[1].Value.ToLowerInvariant() is var simple && simple == "boolean" ? "bool" : simple;
        (string kind, JsonElement[] args) = Call(proto);
        return $"{(kind == "MustListType" ? "list" : "map")}<{Type(args[0])}>";
    }

    public static (string Name, JsonElement[] Args) Call(JsonElement proto) =>
        ((proto.GetProperty("$call").GetString() ?? "").Split('.')[^1], [.. proto.GetProperty("args").EnumerateArray()]);
}
