using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.Wire.Checks;

/// <summary>Some items of a batch, decided together. Items that cannot be read as questions get their errors in place.</summary>
internal sealed class BatchSlice
{
    public const int Size = 256;

    private readonly CheckQuestion[] _questions = new CheckQuestion[Size];
    private readonly CheckResult[] _results = new CheckResult[Size];
    private readonly RejectionException?[] _unread = new RejectionException?[Size];
    private int _items;
    private int _asked;

    /// <summary>Takes the next items, as many as there are and fit.</summary>
    public void Read(ref BatchFields items, Access access, CheckNames names)
    {
        (_items, _asked) = (0, 0);
        while (_items < Size && items.NextItem()) _unread[_items++] = Take(items, access, names);
    }

    /// <summary>Decides and writes a CheckBatchResult for each, in order.</summary>
    public void Decide(in Snapshot snapshot, Access access, FieldWriter answer)
    {
        snapshot.CheckBatch(_questions.AsSpan(0, _asked), _results);
        for (int item = 0, asked = 0; item < _items; item++)
            if (_unread[item] is { } rejection) answer.WriteError(rejection);
            else answer.WriteResult(_results[asked++], access);
    }

    private RejectionException? Take(in BatchFields items, Access access, CheckNames names)
    {
        try
        {
            _questions[_asked] = items.Item.ToQuestion(names);
            access.RequireSubject(_questions[_asked].Subject);
            _asked++;
            return null;
        }
        catch (RejectionException rejection)
        {
            return rejection;
        }
    }
}
