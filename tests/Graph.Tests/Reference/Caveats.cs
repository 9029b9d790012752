using System.Text.Json;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>A caveat as text, and its truth for the values that are given: a member where it holds, else not, else what is missing.</summary>
internal sealed record CaveatModel(string Name, IReadOnlyList<string> Parameters, string Body, Func<IReadOnlyDictionary<string, long>, Membership> Truth)
{
    public override string ToString() => $"caveat {Name}({string.Join(", ", Parameters.Select(p => $"{p} int"))}) {{ {Body} }}";
}

/// <summary>Four caveats over four whole numbers, told apart by nothing but their names.</summary>
internal static class Caveats
{
    private static readonly Dictionary<string, Membership> Missing = new()
    {
        ["amount"] = Membership.MissingAmount,
        ["cap"] = Membership.MissingCap,
        ["m"] = Membership.MissingM,
        ["n"] = Membership.MissingN,
    };

    public static readonly IReadOnlyList<CaveatModel> All =
    [
        new("small", ["amount", "cap"], "amount <= cap", given => Term(given, () => given["amount"] <= given["cap"], "amount", "cap")),
        new("even", ["n"], "n % 2 == 0", given => Term(given, () => given["n"] % 2 == 0, "n")),
        new("either", ["n", "m"], "n <= 2 || m <= 2",
            given => Term(given, () => given["n"] <= 2, "n").Or(Term(given, () => given["m"] <= 2, "m"))),
        new("both", ["m", "amount"], "m > 0 && amount > 0",
            given => Term(given, () => given["m"] > 0, "m").And(Term(given, () => given["amount"] > 0, "amount"))),
    ];

    public static IReadOnlyList<string> Parameters => [.. Missing.Keys];

    /// <summary>The missing names that a conditional value stands for, sorted.</summary>
    public static string Names(Membership conditional) =>
        string.Join(",", Missing.Where(p => conditional.HasFlag(p.Value)).Select(p => p.Key).Order(StringComparer.Ordinal));

    /// <summary>The values in <c>{"n":1}</c>; none in null.</summary>
    public static Dictionary<string, long> Read(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, long>>(json) ?? [];

    private static Membership Term(IReadOnlyDictionary<string, long> given, Func<bool> truth, params string[] reads)
    {
        string[] missing = [.. reads.Where(name => !given.ContainsKey(name))];
        return missing.Length == 0 ? Memberships.From(truth()) : missing.Aggregate(Membership.NotMember, (sum, name) => sum | Missing[name]);
    }
}
