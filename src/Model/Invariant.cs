using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AuthzGraph.Model;

/// <summary>What must be true unless we are wrong. A broken one is a bug here, never a caller's mistake.</summary>
public static class Invariant
{
    public static void That([DoesNotReturnIf(false)] bool holds, [CallerArgumentExpression(nameof(holds))] string? rule = null)
    {
        if (!holds) throw new InvariantException($"broken invariant: {rule}");
    }
}

/// <summary>Thrown by <see cref="Invariant.That"/>.</summary>
public sealed class InvariantException(string message) : Exception(message);
