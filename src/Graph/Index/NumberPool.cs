using AuthzGraph.Graph.Collections;
using AuthzGraph.Graph.Index.Edges;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// The numbers of one kind of thing, dense from 1: those that came back are given out before new ones. While a log is replayed none comes back, since
/// the log may go on using it; <see cref="Settle"/> then looks at each once. One writer.
/// </summary>
/// <param name="most">The greatest number; less than the format's for tests alone.</param>
internal sealed class NumberPool(uint most = EdgeCode.MaxNumber)
{
    private const int SettledInOneStep = 1024;

    private readonly PieceQueue<uint> _free = new();
    private uint _settled = uint.MaxValue;      // numbers behind it come back when they are settled

    /// <summary>How many numbers there are at all.</summary>
    public uint Most => most;

    /// <summary>The greatest number ever given out.</summary>
    public uint Last { get; private set; }

    /// <summary>How many can be given out now.</summary>
    public uint Room => (uint)_free.Count + (Last < most ? most - Last : 0);

    /// <summary>
    /// Whether what nothing mentions keeps its number: while a log is replayed, since it may name that again by number. Once begun nothing comes back
    /// before it is settled.
    /// </summary>
    public bool KeepsUnmentioned
    {
        get;
        set
        {
            field = value;
            if (value) _settled = 0;
        }
    }

    /// <summary>Gives out a number; there is <see cref="Room"/>.</summary>
    /// <param name="reused">Whether it stood for something before.</param>
    public uint Take(out bool reused)
    {
        reused = _free.Count > 0;
        return reused ? _free.TakeNewest() : Last + 1;
    }

    /// <summary>A number stands for something now: one that was taken, or one that a log names.</summary>
    public void Use(uint number) => Last = Math.Max(Last, number);

    /// <summary>A number stands for nothing any more, and nobody holds it.</summary>
    public void GiveBack(uint number)
    {
        if (number <= _settled) _free.Add(number);
    }

    /// <summary>The log says nothing more: has every number settled, some of them with every step.</summary>
    /// <param name="settle">Gives the number back if it stands for nothing, and releases what nothing mentions.</param>
    public IEnumerable<uint> Settle(Action<uint> settle)
    {
        for (uint number = 1; number <= Last; number++)
        {
            _settled = number;
            settle(number);
            if (number % SettledInOneStep == 0) yield return number;
        }
        _settled = uint.MaxValue;
    }
}
