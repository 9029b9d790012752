using System.Collections.Immutable;
using System.Numerics;

namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>A name an expression may use, and what it stands for. Its place in the list of variables is its number.</summary>
public readonly record struct CelVariable(string Name, CelType Type);

/// <summary>A set of variables by number, at most <see cref="CelLimits.Variables"/> of them; the default is empty.</summary>
public readonly record struct CelVariableSet(ulong Bits)
{
    public int Count => BitOperations.PopCount(Bits);

    public bool IsEmpty => Bits == 0;

    public bool Contains(int variable) => (Bits >> variable & 1) != 0;

    public static CelVariableSet operator |(CelVariableSet left, CelVariableSet right) => new(left.Bits | right.Bits);

    internal static CelVariableSet Of(int variable) => new(1UL << variable);

    /// <summary>Writes the names of its members, in the order of the list, into a buffer of at least <see cref="Count"/>.</summary>
    /// <returns>How many were written: <see cref="Count"/>, or less where the buffer is shorter.</returns>
    public int CopyNames(ImmutableArray<CelVariable> variables, Span<string> names)
    {
        int written = 0;
        for (int i = 0; i < variables.Length && written < names.Length; i++)
            if (Contains(i)) names[written++] = variables[i].Name;
        return written;
    }
}
