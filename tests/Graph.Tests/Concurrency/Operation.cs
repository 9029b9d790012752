namespace AuthzGraph.Graph.Tests.Concurrency;

/// <summary>
/// One call as its client saw it: what was asked, what came back, and when, on a clock all clients share. The world it is
/// about is a set of at most 64 tuples, tuple i being bit i.
/// </summary>
internal abstract record Operation(int Client, long Called, long Returned)
{
    /// <summary>The return of a call that never answered, or answered that its outcome is unknown: it may take effect at any later time, or never.</summary>
    public const long Never = long.MaxValue;

    public bool IsInDoubt => Returned == Never;

    /// <summary>Whether the call, taking place in <paramref name="world"/>, answers as it did, and what it leaves behind.</summary>
    public abstract bool Explains(ulong world, out ulong after);

    /// <summary>Touches some tuples and deletes others, at once, if its precondition on one tuple holds.</summary>
    /// <param name="Guard">The tuple that must be there (<paramref name="GuardIsThere"/>) or must not be; none if negative.</param>
    public sealed record Write(int Client, long Called, long Returned, ulong Touched, ulong Deleted, int Guard, bool GuardIsThere, bool Succeeded)
        : Operation(Client, Called, Returned)
    {
        public override bool Explains(ulong world, out ulong after)
        {
            bool holds = Guard < 0 || Has(world, Guard) == GuardIsThere;
            after = holds ? world & ~Deleted | Touched : world;
            return IsInDoubt || holds == Succeeded;
        }
    }

    /// <summary>Asks whether one tuple permits.</summary>
    public sealed record Check(int Client, long Called, long Returned, int Tuple, bool Permitted) : Operation(Client, Called, Returned)
    {
        public override bool Explains(ulong world, out ulong after)
        {
            after = world;
            return Has(world, Tuple) == Permitted;
        }
    }

    /// <summary>Reads them all.</summary>
    public sealed record Read(int Client, long Called, long Returned, ulong Found) : Operation(Client, Called, Returned)
    {
        public override bool Explains(ulong world, out ulong after)
        {
            after = world;
            return world == Found;
        }
    }

    private static bool Has(ulong world, int tuple) => (world >> tuple & 1) != 0;
}
