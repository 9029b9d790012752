using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>What a tuple's window should be like, seen from <see cref="Windows.Now"/>.</summary>
internal enum WindowWish { Holding, Short, Endless, Past, LongPast, Future }

/// <summary>Windows around a few instants, so that ends meet starts and questions meet both.</summary>
internal static class Windows
{
    /// <summary>The instant that most questions are asked at.</summary>
    public static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The clock of the store: everything is written long before it is asked about.</summary>
    public static readonly Instant Written = Now.Plus(-10 * Day);

    public const long Minute = 60_000_000, Hour = 60 * Minute, Day = 24 * Hour;

    /// <summary>
    /// A window as wished that the relation may hold; null if there is none. Only what is listed `with expiration` has a
    /// window at all, and only what is listed without it too has one without an end.
    /// </summary>
    public static Window? Pick(Random random, bool mayEnd, bool mayBeEndless, WindowWish wish)
    {
        bool ends = mayEnd && (!mayBeEndless || wish is WindowWish.Past or WindowWish.LongPast or WindowWish.Short || random.Next(2) == 0);
        return wish switch
        {
            WindowWish.Short when mayEnd => new Window(Now.Plus(-10 * Minute), Now.Plus(5 * Minute)),
            WindowWish.Past when mayEnd => Between(Now.Plus(-3 * Day), Now.Plus(-random.Pick(0, 1, 10 * Minute, 2 * Hour, 23 * Hour))),
            WindowWish.LongPast when mayEnd => Between(Now.Plus(-3 * Day), Now.Plus(-random.Pick(24 * Hour, 24 * Hour + 1, 30 * Hour))),
            WindowWish.Past or WindowWish.LongPast => null,
            WindowWish.Future when ends => Between(Now.Plus(random.Pick(1, 10 * Minute, Hour)), Now.Plus(random.Pick(2 * Hour, 26 * Hour))),
            WindowWish.Future when mayEnd => new Window(Now.Plus(random.Pick(1, 10 * Minute, Hour)), Instant.Never),
            WindowWish.Future => null,
            WindowWish.Endless when mayBeEndless => Window.Always,
            _ when ends && random.Next(8) == 0 => new Window(Instant.Beginning, Now.Plus(random.Pick(1, 30 * Minute))),
            _ when ends => Between(Now.Plus(-random.Pick(0, 10 * Minute, Hour, 26 * Hour)), Now.Plus(random.Pick(1, 5 * Minute, 30 * Minute, 2 * Hour, 26 * Hour))),
            _ when mayEnd && random.Next(3) == 0 => new Window(Now.Plus(-random.Pick(0, Hour)), Instant.Never),
            _ => Window.Always,
        };
    }

    /// <summary>Mostly now; otherwise where something happens, or a microsecond before.</summary>
    public static Instant AskedAt(Random random, IReadOnlyList<Instant> changes) =>
        changes.Count == 0 || random.Next(3) > 0 ? Now : random.Pick(changes).Plus(-random.Next(2));

    /// <summary>Every instant at which a fact of the state changes by itself: starts, ends, and ends of retention.</summary>
    public static List<Instant> Changes(IEnumerable<RelationTuple> tuples, Limits limits)
    {
        List<Instant> changes = [];
        foreach (RelationTuple tuple in tuples)
        {
            changes.Add(tuple.Window.NotBefore);
            changes.Add(tuple.Window.ExpiresAt);
            changes.Add(tuple.Window.ExpiresAt.Plus((long)limits.Retention.TotalMicroseconds));
        }
        return [.. changes.Where(i => i.IsFinite).Distinct().Order()];
    }

    private static Window Between(Instant start, Instant end) => new(start, end);
}

internal static class Randoms
{
    public static T Pick<T>(this Random random, params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    /// <summary>Between <paramref name="least"/> and <paramref name="most"/> of the choices, in their order.</summary>
    public static List<T> Some<T>(this Random random, IReadOnlyList<T> choices, int least, int most)
    {
        int count = Math.Min(choices.Count, random.Next(least, most + 1));
        HashSet<int> chosen = [];
        while (chosen.Count < count) chosen.Add(random.Next(choices.Count));
        return [.. chosen.Order().Select(i => choices[i])];
    }
}
