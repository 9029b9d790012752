using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>What a lookup found, or why it was rejected.</summary>
internal sealed record Paged<T>(IReadOnlyList<T> Results, string? Rejected, Func<T, string> Print)
{
    public string Text => Rejected ?? string.Join(' ', Results.Select(Print));
}

/// <summary>Reads a lookup whole or in pages, each behind the cursor of the last result of the one before.</summary>
internal static class Pages
{
    private const int MostResults = 100_000;        // a lookup that repeats itself would go on for ever

    public static Paged<FoundResource> Of(Snapshot snapshot, ResourceLookupRequest request, int? pageSize) => Gather(Read(snapshot, request, pageSize), Print);

    public static Paged<FoundSubject> Of(Snapshot snapshot, SubjectLookupRequest request, int? pageSize) => Gather(Read(snapshot, request, pageSize), Print);

    public static Paged<FoundActing> Acting(Snapshot snapshot, SubjectLookupRequest request, int? pageSize) => Gather(
        Join(pageSize, cursor => Page(snapshot.LookupActing(request with { Limit = pageSize, Cursor = cursor }))), Print);

    /// <exception cref="RejectionException">As the lookup throws it, behind what was found before.</exception>
    public static IEnumerable<FoundResource> Read(Snapshot snapshot, ResourceLookupRequest request, int? pageSize) =>
        Join(pageSize, cursor => Page(snapshot.LookupResources(request with { Limit = pageSize, Cursor = cursor })));

    /// <inheritdoc cref="Read(Snapshot, ResourceLookupRequest, int?)"/>
    public static IEnumerable<FoundSubject> Read(Snapshot snapshot, SubjectLookupRequest request, int? pageSize) =>
        Join(pageSize, cursor => Page(snapshot.LookupSubjects(request with { Limit = pageSize, Cursor = cursor })));

    private static Paged<T> Gather<T>(IEnumerable<T> found, Func<T, string> print)
    {
        List<T> results = [];
        try
        {
            foreach (T one in found) results.Add(one);
            return new(results, null, print);
        }
        catch (RejectionException rejection)
        {
            return new(results, rejection.Reason, print);
        }
    }

    private static IEnumerable<T> Join<T>(int? pageSize, Func<string?, IEnumerable<(T Found, string Cursor)>> pageBehind)
    {
        string? cursor = null;
        for (int results = 0, before = 0; ; before = results)
        {
            foreach ((T found, string behind) in pageBehind(cursor))
            {
                yield return found;
                cursor = behind;
                Assert.True(++results < MostResults, "a lookup comes to no end");
            }
            if (pageSize is null || results - before < pageSize) yield break;
        }
    }

    private static IEnumerable<(FoundResource, string)> Page(ResourceLookup lookup)
    {
        using (lookup)
            while (lookup.MoveNext()) yield return (new FoundResource(lookup.Id, lookup.Missing), lookup.Cursor);
    }

    private static IEnumerable<(FoundSubject, string)> Page(SubjectLookup lookup)
    {
        using (lookup)
            while (lookup.MoveNext()) yield return (new FoundSubject(lookup.Id, lookup.Missing, lookup.Excluded), lookup.Cursor);
    }

    private static IEnumerable<(FoundActing, string)> Page(ActingLookup lookup)
    {
        using (lookup)
            while (lookup.MoveNext()) yield return (lookup.Describe(), lookup.Cursor);
    }

    private static string Print(FoundActing found) => $"{found.Presenter} by {found.Leaf}: {found.Answer.Outcome}";

    private static string Print(FoundResource found) => Print(found.Id, found.Missing);

    private static string Print(FoundSubject found) =>
        Print(found.Id, found.Missing) + (found.Excluded.IsEmpty ? "" : $"-{{{string.Join(',', found.Excluded)}}}");

    private static string Print(string id, IReadOnlyCollection<string> missing) => missing.Count > 0 ? $"{id}[{string.Join(',', missing)}]" : id;
}
